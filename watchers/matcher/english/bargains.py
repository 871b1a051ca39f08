"""Words by which English hangs one party's act on another's: conditional promises and threats. Data only."""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


CONDITIONS = (
    r"(?:only |even )?if(?! (?:not\b(?! for)|at all|any\b|possible|only\b|you will\b|anything))",
    "unless",
    "(?:not )?until",
    r"(?:as|so) long as",
    r"as soon as",
    r"once",
    r"only (?:when|after|once)",
    r"provided(?: that)?(?= (?:the|it|they|its|his|their|a|an|(?-i:[A-Z])))",
    r"should (?=(?:he|she|it|they|we|you|the|any|its|a|an|(?-i:[A-Z]\w+))\s)(?!the (?:time|need))",
    r"(?:in exchange|in return) for",
    r"on condition that|on the condition that",
    r"(?<!in )(?<!of )(?<!at )(?:the|any) (?:day|hour|moment)",
    r"in (?:the )?(?:case|event) (?:of|that)",
    r"when",
    r"otherwise",
)
"""What opens the clause on which an act hangs."""

NO_CONDITION_BEFORE = (
    "asked|ask|asking|see|sees|decide|decides|determine|whether|know|knows|unclear|clear|wonder|wondered|questioned"
    "|say|check|doubt|decided|deciding|figure|sure|certain|as"
)
"""After these "if" and "when" ask or compare."""

REPRISALS = (
    "retaliat|respond|strik|attack|impos|withdraw|leav|quit|suspend|halt|cut|expel|revok|hit|destroy|fac|pay|suffer"
    "|rais|block|veto|invad|bomb|fight|clos|stop|annex|occup|answer|punish|crush|shoot|sue|use|tak|act|interven"
    "|resum|continu|defend|deal|walk|pull|refus|reject|boycott|sanction|target|shut|sever|ban|freez|seiz|end|resist"
    "|abandon|declar|consider|reconsider|review|pursu|arrest|kill|com"
)
SERVICES = (
    "help|support|join|lift|releas|return|free|sign|agre|honou?r|negotiat|talk|meet|attend|send|giv|provid|deliver"
    "|recogni|adopt|accept|deploy|protect|begin|start|allow|open|cooperat|work|share|offer|eas|remov|drop|reduc|grant"
    "|back|assist|guarante|ratif|approv|comply|respect|abid|hand|turn|transfer|hold|host|visit|go|do|stay|remain|follow"
    "|restor|reopen|build|fund|financ|pay|compensat|delay|wait|refrain|cease|implement|let|make|be there"
)
"""Beginnings of verbs of acts that are held out, as a threat or as a service."""

OUTCOMES = _words(
    """be have become see mean cost lose win need get come face happen lead cause depend know find seem like love
    want prefer hate die rise fall grow result fail succeed benefit enjoy prove require involve look feel think
    believe regret understand say tell ask"""
)
"""Main verbs of what befalls rather than of what is done."""

CONSEQUENCES = (
    "consequences|repercussions|price|retaliation|retaliatory|response|reprisals?|war|sanctions|punishment|hell|reckoning"
    "|costs?|reaction"
)
"""What a threat says there will be."""

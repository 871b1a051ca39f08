"""Words that tell what a passage is about: affairs between states, or markets, courts, sport, shows and home matters.

All in small letters; a phrase of several words has single spaces. A word stands in one list.
"""

from __future__ import annotations

from typing import Final


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _phrases(text: str) -> frozenset[str]:
    return frozenset(phrase for line in text.splitlines() for phrase in line.strip().split("|") if phrase)


DIPLOMACY: Final = _words(
    """truce truces armistice tariff tariffs treaty treaties foreign kremlin pentagon summit summits war wars troops
    nuclear military hostage hostages captives refugee refugees invasion occupation occupied brexit rebels militants
    airstrike airstrikes offensive accord bilateral multilateral alliance humanitarian aid weapon weapons
    monitors mandate militia militias navy naval frigate frigates tanker tankers freighter bomber bombers strikes
    accession visa visas prisoners detainees consulates pullout hostilities peacekeepers irgc opcw osce wfp reparations
    sovereignty ceasefire cease regime warships blockade annexation genocide extradition bloc referendum"""
)
"""Words of affairs between states and of war."""

DIPLOMACY_STEMS: Final = (
    "sanction",
    "diploma",
    "envoy",
    "ambassador",
    "embass",
    "negotiat",
    "peace",
    "missile",
    "territor",
    "withdraw",
    "retaliat",
    "consul",
    "evacu",
    "mediator",
    "extradit",
)
"""Beginnings of such words."""

STATECRAFT: Final = _words(
    """official officials government governments talks deal border borders army crossing corridor visit shelling
    capital authorities delegation agreement security president presidents presidential chancellor premier migrants
    coalition parliament leader leaders minister ministers ministry ministries drone drones secretary intelligence
    defense defence global climate opposition trade"""
)
"""Words of government at home and abroad alike: they count once however many they are."""

PASTIMES: Final = _phrases(
    """olympics|olympic games|world cup|champions league|premier league|tournament|semi-final|semifinal|semifinals
    grand prix|super bowl|championship|championships|kick-off at|season opener|football|footballer|soccer|afcon
    cup of nations|group stage|basketball|baseball|hockey|nfl|nba|ncaa|mlb|nhl|rugby|cricket|tennis|golf|quarterback
    striker|midfielder|coach|coaches|playoff|playoffs|fixture|fixtures|innings|transfer window|t20|fans|field goal
    touchdown|avalanche|liquor|stadium|head coach|free agency|athlete|athletes|bowl game|ballpark|outfielder
    matchday|wicket|wickets|goalkeeper|relegation|album|film|films|movie|movies|premieres|concert|concerts|festival
    episode|episodes|netflix|box office|box-office|wedding|singer|actor|actress|guitarist|celebrity|celebrities
    orchestra|novel|novels|k-pop|pop star|pop group|world tour|theatre|theater|musical|band|bands|quintet|exhibition
    museum|streaming|viewers|sequel|comedian|comedy|tv series|trailer|fashion|designer|recipe|recipes|horoscope
    horoscopes|pageant|promo code|bonus code|smartphone|smartphones|gadget|gadgets|shoppers|retailers|flagship store
    dating|royal family|travellers|vacation|vacations|holidaymakers|gym|gyms|diet|fitness|fan meetup|fan meeting
    livestreamed|debut album|boy band|girl group|rapper|gig|gigs|setlist|singles|tracklist|sitcom|drama series
    soap opera|oscars|grammys|golden globes|red carpet premiere|paparazzi|influencer|influencers|podcast host
    marathon|formula one|motorsport|boxing|wrestling|ufc|skiing|snowboard|ski resort|medallist|goalscorer|top scorer
    first-half|match-day|cup final|league title|undefeated|home win|head-to-head record|draft pick|touchdowns
    pitcher|nightclub|revellers|zoo|restaurant|restaurants|cafe|cafes|diners|pets|puppy|chef|chefs|wine|beer
    theme park|cruise ship|getting married|engagement ring|baby name|pregnancy|reality star|reality show|lottery
    jackpot|crossword|quiz|bar fire|horoscopes|zodiac|makeup|skincare|hairstyle|wardrobe|weather|forecasters|storm
    storms|hurricane|rainfall|snowfall|snow|temperatures|amber warning|amber warnings"""
)
"""Sport, shows, leisure and weather, which no affairs of state come into."""

COMMERCE: Final = _phrases(
    """earnings|gdp|gross domestic|inflation|interest rate|interest rates|payrolls|stocks|stock market|stock markets
    stock exchange|shares|equities|futures|traders|consumer prices|basis points|jobless|unemployment rate|bond yield
    bond yields|dividend|mortgage|mortgages|startup|startups|semiconductor|semiconductors|a barrel|retail|customers
    investors|ipo|quarterly|revenue|profits|bitcoin|crypto|cryptocurrency|chipmaker|automaker|airline|airlines
    house prices|property values|homebuyers|housebuilders|lender|lenders|price war|supermarket|supermarkets|discount
    discounts|brand|brands|employees|layoffs|iphone|android|app store|chatbot|chatbots|electric vehicles|carmaker
    per share|drugmaker|weight-loss|broadband|telecoms|foreign investors|market value|market share|sales growth
    annual sales|share price|profit|wall street|nasdaq|ftse|sensex|nifty|mutual fund|mutual funds|pension fund
    product launch|flagship|supply chain|venture capital|ai model|artificial intelligence|rate cut|rate cuts
    property market"""
)
COURTS: Final = _phrases(
    """sentenced|sentencing|arraign|arraigned|arraignment|trial|bail|prosecutor|prosecutors|plead guilty|pleaded guilty
    juror|jurors|jury|indicted|indictment|custody|lawsuit|federal court|district court|criminal court|magistrate
    magistrates|trafficking charges|drug charges|drugs charges|manslaughter|murder|court appearance|in court|inquest
    judge|defendant|convicted|police|sheriff|stabbing|rape|homicide"""
)
HOME: Final = _phrases(
    """midterm|midterms|mid-term|mid-terms|primary election|primaries|caucus|caucuses|re-election|reelection
    supreme court|city council|mayor|state legislature|school|schools|students|hospital|hospitals|patients|nhs
    doctors|welfare|council tax|minimum wage|healthcare|health care|medicaid|medicare|obamacare|abortion|by-election
    local elections|state election|super pac|super political|campaign trail|voters|housing|regeneration|levelling up
    tenants|landlord|landlords|bullet train|metro line|commuter|motorway|highway|bus drivers|teachers|nursery
    child care|child-care|childcare|pensioners|income tax|cannabis|smoking|obesity|flu|measles|cancer|dementia
    surgery|dentist|dentists|ambulance|firefighters|blaze|bushfire|wildfire|wildfires|national guard|homeless
    homelessness|housing crisis|homes|energy bills|water bills|exam|exams|university|universities|tuition|opioid
    gun control|social security|food stamps|gerrymandering|redistricting|swing state|battleground
    secretaries of state|attorney general|residents|commuters|rail strike|fire victims|flooding|landslide|earthquake
    vaccine|vaccines|government shutdown|spending bill|filibuster|governor's race|governor’s race|lok sabha|bjp
    public holiday"""
)
"""Markets and firms, courts and police, and a country's own politics and services."""

BOILERPLATE: Final = (
    r"privacy policy|terms of (?:use|service)|newsletters?|click(?:ing)? (?:here|the|on)|sign(?:ing)? up"
    r"|subscribe (?:to|now|here|today)|cookies|file photo|in this (?:\w+[ ,.]+){1,6}photo|getty images"
    r"|photograph(?:ed)? by"
    r"|occasional updates|special offers|just watched|must watch|more videos|reporting by|editing by"
    r"|last updated|date of publication|the post .{5,200} appeared first on"
)
"""What surrounds an article and is no part of it."""

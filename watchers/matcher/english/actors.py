"""States and bodies that act in the news, and the words English uses for each.

One line an actor: an ISO 3166-1 alpha-2 code (bodies that are no state have a short name of their own in lower
case), then every word or phrase that stands for it: names, the adjective, and the capital or seat where the press
uses it for the government ("Moscow" for Russia). Phrases that also mean something else in everyday English are
left out ("Turkey" stays, "chad" and "polish" count only when capitalised, as all of these do).
"""

from __future__ import annotations

_TABLE = """
AF Afghanistan|Afghan|Afghans|Kabul|Taliban
AL Albania|Albanian|Albanians|Tirana
DZ Algeria|Algerian|Algerians|Algiers
AO Angola|Angolan|Luanda
AR Argentina|Argentine|Argentinian|Buenos Aires
AM Armenia|Armenian|Armenians|Yerevan
AU Australia|Australian|Australians|Canberra
AT Austria|Austrian|Vienna
AZ Azerbaijan|Azerbaijani|Azeri|Baku
BH Bahrain|Bahraini|Manama
BD Bangladesh|Bangladeshi|Dhaka
BY Belarus|Belarusian|Minsk
BE Belgium|Belgian
BJ Benin|Beninese
BT Bhutan|Bhutanese
BO Bolivia|Bolivian|La Paz
BA Bosnia|Bosnian|Sarajevo
BW Botswana
BR Brazil|Brazilian|Brasilia
BN Brunei
BG Bulgaria|Bulgarian|Sofia
BF Burkina Faso|Burkinabe|Ouagadougou
BI Burundi|Burundian
KH Cambodia|Cambodian|Phnom Penh
CM Cameroon|Cameroonian|Yaounde
CA Canada|Canadian|Canadians|Ottawa
CF Central African Republic|Bangui
TD Chad|Chadian|N'Djamena
CL Chile|Chilean
CN China|Chinese|Beijing|PRC
CO Colombia|Colombian|Bogota|Bogotá
CD DR Congo|DRC|Congolese|Kinshasa|Congo
CR Costa Rica|Costa Rican
CI Ivory Coast|Ivorian|Abidjan
HR Croatia|Croatian|Zagreb
CU Cuba|Cuban|Havana
CY Cyprus|Cypriot|Nicosia
CZ Czech|Czech Republic|Czechia|Prague
DK Denmark|Danish|Copenhagen
DJ Djibouti
DO Dominican Republic|Santo Domingo
EC Ecuador|Ecuadorian|Quito
EG Egypt|Egyptian|Egyptians|Cairo
SV El Salvador|Salvadoran
ER Eritrea|Eritrean|Asmara
EE Estonia|Estonian|Tallinn
ET Ethiopia|Ethiopian|Addis Ababa
FI Finland|Finnish|Helsinki
FR France|French|Paris|Elysee|Élysée
GA Gabon|Gabonese
GE Georgia|Georgian|Tbilisi
DE Germany|German|Germans|Berlin
GH Ghana|Ghanaian|Accra
GR Greece|Greek|Greeks|Athens
GL Greenland|Greenlandic|Nuuk
GT Guatemala|Guatemalan
GN Guinea|Guinean|Conakry
GY Guyana|Guyanese|Georgetown
HT Haiti|Haitian|Port-au-Prince
HN Honduras|Honduran|Tegucigalpa
HK Hong Kong
HU Hungary|Hungarian|Budapest
IS Iceland|Icelandic|Reykjavik
IN India|Indian|Indians|New Delhi|Delhi
ID Indonesia|Indonesian|Jakarta
IR Iran|Iranian|Iranians|Tehran|Islamic Republic
IQ Iraq|Iraqi|Iraqis|Baghdad
IE Ireland|Irish|Dublin
IL Israel|Israeli|Israelis|Jerusalem|Tel Aviv|IDF
IT Italy|Italian|Italians|Rome
JM Jamaica|Jamaican
JP Japan|Japanese|Tokyo
JO Jordan|Jordanian|Amman
KZ Kazakhstan|Kazakh|Astana
KE Kenya|Kenyan|Nairobi
KP North Korea|North Korean|North Koreans|Pyongyang|DPRK
KR South Korea|South Korean|South Koreans|Seoul
XK Kosovo|Kosovan|Kosovar|Pristina
KW Kuwait|Kuwaiti
KG Kyrgyzstan|Kyrgyz|Bishkek
LA Laos|Laotian|Vientiane
LV Latvia|Latvian|Riga
LB Lebanon|Lebanese|Beirut
LR Liberia|Liberian
LY Libya|Libyan|Tripoli
LT Lithuania|Lithuanian|Vilnius
LU Luxembourg
MG Madagascar|Malagasy|Antananarivo
MW Malawi|Malawian
MY Malaysia|Malaysian|Kuala Lumpur
MV Maldives|Maldivian
ML Mali|Malian|Bamako
MT Malta|Maltese|Valletta
MR Mauritania|Mauritanian|Nouakchott
MX Mexico|Mexican|Mexicans|Mexico City
MD Moldova|Moldovan|Chisinau
MN Mongolia|Mongolian|Ulaanbaatar
ME Montenegro|Montenegrin|Podgorica
MA Morocco|Moroccan|Rabat
MZ Mozambique|Mozambican|Maputo
MM Myanmar|Burma|Burmese|Naypyidaw
NA Namibia|Namibian
NP Nepal|Nepali|Nepalese|Kathmandu
NL Netherlands|Dutch|The Hague
NZ New Zealand
NI Nicaragua|Nicaraguan|Managua
NE Niger|Nigerien|Niamey
NG Nigeria|Nigerian|Nigerians|Abuja
MK North Macedonia|Macedonian|Skopje
NO Norway|Norwegian|Oslo
OM Oman|Omani|Muscat
PK Pakistan|Pakistani|Pakistanis|Islamabad
PS Palestine|Palestinian|Palestinians|Palestinian Authority|Ramallah|Gaza
PA Panama|Panamanian
PG Papua New Guinea
PY Paraguay|Paraguayan
PE Peru|Peruvian|Lima
PH Philippines|Philippine|Filipino|Manila
PL Poland|Polish|Warsaw
PT Portugal|Portuguese|Lisbon
QA Qatar|Qatari|Doha
RO Romania|Romanian|Bucharest
RU Russia|Russian|Russians|Moscow|Kremlin
RW Rwanda|Rwandan|Kigali
SA Saudi Arabia|Saudi|Saudis|Riyadh
SN Senegal|Senegalese|Dakar
RS Serbia|Serbian|Serbs|Belgrade
SG Singapore|Singaporean
SK Slovakia|Slovak|Bratislava
SI Slovenia|Slovenian|Ljubljana
SO Somalia|Somali|Mogadishu
XS Somaliland|Hargeisa
ZA South Africa|South African|Pretoria
SS South Sudan|South Sudanese|Juba
ES Spain|Spanish|Madrid
LK Sri Lanka|Sri Lankan|Colombo
SD Sudan|Sudanese|Khartoum
SE Sweden|Swedish|Stockholm
CH Switzerland|Swiss|Bern
SY Syria|Syrian|Syrians|Damascus
TW Taiwan|Taiwanese|Taipei
TJ Tajikistan|Tajik|Dushanbe
TZ Tanzania|Tanzanian|Dodoma
TH Thailand|Thai|Thais|Bangkok
TG Togo|Togolese
TN Tunisia|Tunisian|Tunis
TR Turkey|Turkish|Turkiye|Türkiye|Ankara
TM Turkmenistan|Turkmen|Ashgabat
UG Uganda|Ugandan|Kampala
UA Ukraine|Ukrainian|Ukrainians|Kyiv|Kiev
AE United Arab Emirates|UAE|Emirati|Abu Dhabi|Emirates
GB United Kingdom|UK|U.K.|Britain|British|Briton|Britons|London|Downing Street|Whitehall|England
US United States|United States of America|US|U.S.|USA|America|American|Americans|Washington|White House|Pentagon
UY Uruguay|Uruguayan|Montevideo
UZ Uzbekistan|Uzbek|Tashkent
VA Vatican|Holy See
VE Venezuela|Venezuelan|Venezuelans|Caracas
VN Vietnam|Vietnamese|Hanoi
YE Yemen|Yemeni|Yemenis|Sanaa|Aden
ZM Zambia|Zambian|Lusaka
ZW Zimbabwe|Zimbabwean|Harare
eu European Union|EU|E.U.|European Commission|European Council|Brussels
un United Nations|UN|U.N.|Security Council|UNSC|General Assembly
nato NATO|Nato|Alliance
iaea IAEA|International Atomic Energy Agency
opec OPEC|Opec|OPEC+
wto WTO|World Trade Organization
who WHO|World Health Organization
imf IMF|International Monetary Fund
icc ICC|International Criminal Court
icj ICJ|International Court of Justice
au African Union
asean ASEAN|Asean
arab Arab League
gcc Gulf Cooperation Council|GCC
g7 G7|Group of Seven
g20 G20|Group of Twenty
brics BRICS|Brics
hamas Hamas
hezbollah Hezbollah|Hizbollah|Hizbullah
houthi Houthi|Houthis|Ansar Allah
rsf RSF|Rapid Support Forces
m23 M23
plo PLO
stc STC|Southern Transitional Council
"""

ACTOR_OF: dict[str, str] = {
    name: line.split(" ", 1)[0] for line in _TABLE.strip().splitlines() for name in line.split(" ", 1)[1].split("|")
}
"""From each name, letter for letter, to the actor it stands for."""

LONGEST_NAME = max(len(name.split()) for name in ACTOR_OF)
"""How many words the longest name has."""

_SEATS = """
Moscow|Beijing|Tehran|Washington|London|Paris|Berlin|Rome|Madrid|Kyiv|Kiev|Ankara|Tokyo|Seoul|Pyongyang|Taipei|Delhi
New Delhi|Islamabad|Kabul|Baghdad|Damascus|Beirut|Amman|Riyadh|Doha|Cairo|Tripoli|Tunis|Algiers|Rabat|Khartoum|Juba
Asmara|Addis Ababa|Mogadishu|Nairobi|Kampala|Kigali|Kinshasa|Abuja|Accra|Pretoria|Harare|Caracas|Bogota|Bogotá|Brasilia
Havana|Managua|Buenos Aires|Ottawa|Canberra|Jakarta|Kuala Lumpur|Manila|Hanoi|Bangkok|Phnom Penh|Dhaka|Kathmandu
Warsaw|Prague|Budapest|Bucharest|Sofia|Athens|Belgrade|Pristina|Sarajevo|Zagreb|Tirana|Skopje|Chisinau|Minsk|Vilnius
Riga|Tallinn|Helsinki|Stockholm|Oslo|Copenhagen|Dublin|Lisbon|Vienna|Bern|Tbilisi|Yerevan|Baku|Astana|Tashkent|Nicosia
Sanaa|Muscat|Manama|Abu Dhabi|Brussels|Jerusalem|Tel Aviv
"""

SEATS = frozenset(name for line in _SEATS.strip().splitlines() for name in line.split("|"))
"""Cities that stand for the government that sits there."""

STATE_NAMES = {
    "US": ("United States", "US", "U.S.", "America"),
    "GB": ("United Kingdom", "UK", "U.K.", "Britain"),
    "KP": ("North Korea", "Democratic People's Republic of Korea", "Democratic People’s Republic of Korea", "DPRK"),
    "eu": ("European Union", "EU", "E.U."),
}
"""What a state of more than one name is called, most fully first."""

MOVEMENTS = frozenset(
    name for name, code in ACTOR_OF.items() if code in ("hamas", "hezbollah", "houthi", "rsf", "m23", "plo", "stc")
) | {"Taliban"}
"""Armed or political movements, called "the group" later on."""

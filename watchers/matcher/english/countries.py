"""Which words stand for which country, beyond the actors of english/actors.py. Data only.

One line a country, as there: its ISO 3166-1 alpha-2 code, then names, adjectives, capitals and bodies of the state.
These names code a statement that has been found; they do not help to find one, because many mean something else too
("Victoria", "Jersey") or name places that rarely act abroad.
"""

from __future__ import annotations

from watchers.matcher.english.actors import ACTOR_OF


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_FURTHER = """
AW Aruba|Aruban|Oranjestad
AI Anguilla|Anguillan
AX Åland|Åland Islands|Aland Islands
AD Andorra|Andorran|Andorra la Vella
AS American Samoa|American Samoan|Pago Pago
AQ Antarctica
TF French Southern Territories
AG Antigua and Barbuda|Antigua|Antiguan
BQ Bonaire|Sint Eustatius|Saba
BS Bahamas|Bahamian|Nassau
BL Saint Barthélemy|Saint Barthelemy|St Barts
BZ Belize|Belizean|Belmopan
BM Bermuda|Bermudian
BB Barbados|Barbadian|Bridgetown
BV Bouvet Island
CC Cocos Islands|Keeling Islands
CG Republic of the Congo|Republic of Congo|Congo-Brazzaville|Brazzaville
CK Cook Islands|Rarotonga
KM Comoros|Comorian|Comoran|Moroni
CV Cape Verde|Cabo Verde|Cape Verdean|Praia
CW Curaçao|Curacao|Willemstad
CX Christmas Island
KY Cayman Islands|Caymanian
DM Dominica
EH Western Sahara|Sahrawi|Saharawi|Polisario
FJ Fiji|Fijian|Fijians|Suva
FK Falkland Islands|Falklands|Malvinas
FO Faroe Islands|Faroes|Faroese|Tórshavn|Torshavn
FM Micronesia|Micronesian|Federated States of Micronesia|Palikir
GG Guernsey
GI Gibraltar|Gibraltarian
GP Guadeloupe
GM Gambia|Gambian|Gambians|Banjul
GW Guinea-Bissau|Bissau-Guinean|Bissau
GQ Equatorial Guinea|Equatoguinean|Equatorial Guinean|Malabo
GD Grenada|Grenadian
GF French Guiana|Cayenne
GU Guam|Guamanian
HM Heard Island
IM Isle of Man|Manx
IO British Indian Ocean Territory|Chagos Islands|Chagos|Diego Garcia
JE Jersey
KI Kiribati|Tarawa
KN Saint Kitts and Nevis|St Kitts and Nevis|St. Kitts and Nevis
LC Saint Lucia|St Lucia|St. Lucia
LI Liechtenstein|Vaduz
LS Lesotho|Basotho|Maseru
MO Macau|Macao|Macanese
MF Saint Martin
MC Monaco|Monegasque
MH Marshall Islands|Marshallese|Majuro
MP Northern Mariana Islands|Saipan
MS Montserrat
MQ Martinique
MU Mauritius|Mauritian|Port Louis
YT Mayotte
NC New Caledonia|New Caledonian|Noumea|Nouméa
NF Norfolk Island
NU Niue
NR Nauru|Nauruan
PN Pitcairn|Pitcairn Islands
PW Palau|Palauan
PR Puerto Rico|Puerto Rican
PF French Polynesia|Tahiti
RE Réunion
GS South Georgia
SH Saint Helena|St Helena|Ascension Island|Tristan da Cunha
SJ Svalbard|Spitsbergen|Jan Mayen
SB Solomon Islands|Solomon Islander|Honiara
SL Sierra Leone|Sierra Leonean|Sierra Leoneans|Freetown
SM San Marino|Sammarinese
PM Saint Pierre and Miquelon
ST Sao Tome and Principe|São Tomé and Príncipe|São Tomé|Sao Tome
SR Suriname|Surinamese|Paramaribo
SZ Eswatini|Swaziland|Swazi|Mbabane
SX Sint Maarten|St Maarten
SC Seychelles|Seychellois
TC Turks and Caicos
TK Tokelau
TL Timor-Leste|East Timor|Timorese|East Timorese|Dili
TO Tonga|Tongan|Nuku'alofa
TT Trinidad and Tobago|Trinidad|Trinidadian|Port of Spain
TV Tuvalu|Tuvaluan|Funafuti
UM Wake Island|Midway Atoll|Johnston Atoll
VC Saint Vincent and the Grenadines|St Vincent and the Grenadines|St. Vincent and the Grenadines|Vincentian
VG British Virgin Islands
VI US Virgin Islands|U.S. Virgin Islands
VU Vanuatu|Ni-Vanuatu|Port Vila
WF Wallis and Futuna
WS Samoa|Samoan|Apia
AF Islamic Emirate
AR Argentines|Argentinians|Casa Rosada
AM Artsakh
AO Angolans
AT Austrians|Viennese
AU Australians|Aussie
AZ Azerbaijanis|Azeris
BD Bangladeshis
BE Belgians
BF Burkinabè
BG Bulgarians
BH Bahrainis
BN Bruneian|Bandar Seri Begawan
BO Bolivians|Sucre
BR Brazilians|Brasília|Planalto|Itamaraty
BT Thimphu
BW Gaborone|Botswanan|Batswana
BY Belarusians|Byelorussia|Belarussian
CA Canadians
CD Democratic Republic of the Congo|Democratic Republic of Congo|DRC|D.R.C.
CF Central African
CH Berne|Swiss Confederation
CI Côte d'Ivoire|Cote d'Ivoire|Côte d’Ivoire|Cote d’Ivoire|Ivorians|Yamoussoukro
CL Chileans|La Moneda
CM Yaoundé|Cameroonians
CN People's Republic of China|People’s Republic of China|Zhongnanhai|People's Liberation Army|People’s Liberation Army
CN PLA|Chinese Communist Party|CCP|Politburo
CO Colombians
CU Cubans
CZ Czechs
CY Cypriots
DE Bundestag|Bundeswehr|Bundesrat|Chancellery
DJ Djiboutian
DK Danes|Folketing
DZ Algerian|Algerians
EC Ecuadoreans|Ecuadorean|Ecuadorians
EE Estonians
ER Eritreans
ES Spaniards|Moncloa
ET Ethiopians
FI Finns
FR French Republic|Quai d'Orsay|Quai d’Orsay|Matignon
GA Libreville
GB Great Britain|Scotland|Scottish|Wales|Welsh|Northern Ireland|Northern Irish|Foreign Office|House of Commons
GB House of Lords|Westminster|Bank of England|Brits|English
GE Georgians
GH Ghanaians
GR Hellenic
GT Guatemalans|Guatemala City
GY Georgetown
HN Hondurans
HR Croats|Croatians
HT Haitians
HU Hungarians
ID Indonesians|Nusantara
IE Irish Republic|Taoiseach|Tánaiste|Dáil
IL Knesset|Mossad|Shin Bet|Israel Defense Forces|Israel Defence Forces
IN Lok Sabha|Rajya Sabha|Bharat
IR Revolutionary Guard|Revolutionary Guards|IRGC|Majlis|Islamic Revolutionary Guard Corps
IS Icelanders|Reykjavík
IT Italians|Palazzo Chigi|Farnesina
JM Kingston|Jamaicans
JO Jordanians
JP Japanese
KE Kenyans
KG Kyrgyzstani
KH Cambodians|Khmer
KP Democratic People's Republic of Korea|Democratic People’s Republic of Korea|D.P.R.K.
KR Republic of Korea|ROK|Blue House
KW Kuwaitis|Kuwait City
KZ Kazakhs|Nur-Sultan|Kazakhstani
LA Lao
LB Lebanese
LK Sri Lankans|Sri Jayawardenepura Kotte
LR Monrovia|Liberians
LT Lithuanians|Seimas
LU Luxembourgish|Luxembourger
LV Latvians|Saeima
LY Libyans
MA Moroccans|Rabat
MD Moldovans|Chișinău|Moldavia
ME Montenegrins
MG Malagasy
MK Macedonians
ML Malians
MM Myanmarese|Naypyitaw|Rangoon|Yangon
MN Mongolians
MR Mauritanians
MT Maltese
MV Maldives|Malé|Maldivians
MW Lilongwe|Malawians
MX Mexicans
MY Malaysians|Putrajaya
MZ Mozambicans
NA Windhoek|Namibians
NE Nigeriens
NG Nigerians
NI Nicaraguans
NL Dutch|Hague|Holland|Amsterdam
NO Norwegians|Storting
NP Nepalis
NZ New Zealander|New Zealanders|Wellington|Kiwi|Beehive
OM Omanis
PA Panamanians|Panama City
PE Peruvians
PG Papua New Guinean|Port Moresby
PH Filipinos|Malacañang|Malacanang
PK Rawalpindi
PL Poles|Sejm
PS State of Palestine|Gazan|Gazans|West Bank
PT Portuguese
PY Paraguayans|Asunción|Asuncion
QA Qataris
RO Romanians
RS Serbians|Serb
RU Russian Federation|Duma|State Duma|FSB|Rosatom|Kremlin
RW Rwandans
SA Kingdom of Saudi Arabia|Saudis
SD Sudanese
SE Swedes|Riksdag
SG Singaporeans|Singaporean
SI Slovenes|Slovene|Slovenians
SK Slovaks
SN Senegalese
SO Somalis
SS South Sudanese
SV San Salvador|Salvadorans|Salvadorean
SY Syrian Arab Republic
TD Chadians|N’Djamena
TG Lomé|Lome
TH Thai
TJ Tajiks
TM Turkmen
TN Tunisians
TR Turks|Republic of Turkey|Republic of Türkiye
TW Republic of China
TZ Tanzanians|Dar es Salaam|Zanzibar
UA Verkhovna Rada|Rada|Bankova|Ukrainians
UG Ugandans
US State Department|Capitol Hill|CIA|FBI|Federal Reserve|House of Representatives|Homeland Security|Oval Office
US Mar-a-Lago|Camp David|Department of Defense|Department of State|U.S.A.|Defense Department|Treasury Department
US Justice Department|Commerce Department
UY Uruguayans
UZ Uzbeks
VA Vatican City|Holy See
VE Miraflores
VN Vietnamese|Viet Nam
XK Kosovars
YE Yemenis|Sana'a|Sana’a
ZA South Africans|Cape Town
ZM Zambians
ZW Zimbabweans
"""

_ELSEWHERE = """
New Mexico|South China Sea|East China Sea|Gulf of Mexico|Gulf of Oman|Gulf of Aden|Gulf of Guinea|Sea of Japan
New England|British Columbia|Washington Post|Washington Times|Jerusalem Post|Moscow Times|Kyiv Independent|Kyiv Post
China Daily|Times of Israel|Times of India|Tehran Times|Jakarta Post|Japan Times|Korea Herald|Korea Times
Irish Times|Bank of America|Indian Ocean|Panama Canal|Panama Papers|Turkish Airlines|Korean Peninsula|Indian Wells
American Airlines|British Airways|French Open|Latin America|Latin American|South America|South American
North America|North American|Central America|Central American|Irish Sea|Mexican standoff|Polish Hill
Washington state|Paris Agreement|Paris agreement|Paris accord|Paris climate|Paris Accord|Paris Climate
Minsk agreements|Minsk Agreements|Minsk accords|Oslo Accords|Oslo accords|Dayton Accords|Doha Agreement
Vienna Convention|Geneva Convention|Geneva Conventions|Geneva|Rome Statute|Lisbon Treaty|Bay of Bengal|Brussels
Prague Spring|New Delhi Television|Abraham Accords|Havana syndrome|Stockholm syndrome|Kyoto Protocol
London Stock Exchange|Vienna talks|Korean War|Vietnam War|Vietnam veteran|Lima Group|Berlin Wall|Iron Dome
Georgia Tech|Norwegian Sea|Tasman Sea|Radio Free Europe|Al Jazeera|Peking duck|Santo Domingo Este
"""

COUNTRY_OF: dict[str, str] = {
    **{name: code for name, code in ACTOR_OF.items() if code.isupper() and code != "XS"},
    **{
        name: line.split(" ", 1)[0]
        for line in _FURTHER.strip().splitlines()
        for name in line.split(" ", 1)[1].split("|")
    },
    **{name: "" for line in _ELSEWHERE.strip().splitlines() for name in line.split("|")},
}
"""From each name, letter for letter, to its country; "" for names that only look like one's.

XK for Kosovo is the code that ISO 3166 leaves to users and everybody uses; Somaliland (our XS) has none."""

GIVEN_NAMES = _words("Jordan Chad Israel Georgia India Paris London Kenya Vienna Ireland Holland Jersey Wales Sofia")
"""Countries and capitals that people are called by: "Jordan Bardella", "Georgia Meloni"."""
SURNAMES = _words("Jordan Chad Israel Ireland Holland English French German Wales Kingston London Paris Welsh England")
"""… and those that end a person's name: "Vernon Jordan", "Kathy German"."""

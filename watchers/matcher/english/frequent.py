"""Stems that stand in so many reports that sharing one says little of what a report is about. Data only.

Four classes, from those of every other report to those of one in some hundreds, as counted over four kinds of news (a
year of short reports, five days of many outlets, two decades of agency copy, long articles). A stem stands here only
where at least three of the four have it as often, so that the affairs of one season make no word common. A stem that
stands nowhere here is rare: that two tellings share it says most. Acts carry `!` (see acts.py).
"""

from __future__ import annotations

_EVERYWHERE = """
!announc !build !court !deal !decid !launch !meet !money !quit !releas !run !send !sign !strike !troop !visit
continu end follow includ kill mov polic securit trump work
"""
_VERY_COMMON = """
!close !defend !elect !extend !oil !pay !unrest !vote accus act administr air alleg allow anoth anti area arrest
attempt authorit ban bank bas becom believ big capital car cas cent chang charg children cit claim clear compan
concern confirm countr cut death defens democratic department donald due fac famil far federal fight fir found full
futur great group held help high hom hour hous increas injur interest interview issu join know larg largest law lead
led let lin littl long look los major mak man mark market memb nam north numb offic oper ord organiz oth past peac
plac point political post pow public question rais recent record region remain result return right see seen servic
shar show sit sourc special stat stop strong support suspect tak target term terrorist through took trad try turn
war women
"""
_COMMON = """
!brief !deadline !drill !end !sanction !tariff !truce abl accept acces account activist activit additional advanc
advis affect africa agenc agent ago aircraft airport allegedl almost alread analyst appeal approach approv argu arm
began behind benefit best bet bid biggest bill block board boat bod bord break bring brought burn busines buy
california cam campaign candidat cannot carr caus central challeng chanc child citizen civilian clash coast collaps
command comment commission committe communit condemn condition conduct conflict congres consider controll council
count creat crim criminal crisi crowd current custod dail damag dat david dead decad declar declin defeat den deput
describ despit detail develop development died different difficult diplomatic direct director discover disput dollar
don doubl dozen driv earli eas east eastern econom economic effect effort eight embass emergenc employe enough ensur
enter establish europ european event everyth executiv expert explosion express facilit fail fall fast fear feel fil
final financ financial find flag flight focu food form fourth friend front fuel gain gas gav giv goal grant ground
grow growth guard half hand happen hard hav health heav histor hop hospital howev hug human hundred illegal immigr
impact import important increasingl independent industr inform insid insist instead intelligenc investig investigat
investment involv island jam job john joint justic key known land latest leadership left legal les level lif limit
link list liv local lot low main majorit mas mat mean measur media medical men messag met middl migrant ministr
mission moment mone multipl murd nationwid nev night nin non northern occur ongo operat opportunit opposition order
outsid park partn pass percent period person pet plant play pop position possibl potential prepar pres presidential
pressur prevent previou previousl privat pro problem proces produc product program project propos proposal provinc
push putin rall rang rath real reason recentl recover red reduc reflect refus regim regional reject rel relat
relationship remov republican request requir resign resolution respond respons responsibilit ris risk road rol ros
sal san sav school sea search seem seiz sell senat sent ser serv seven shift shoot short shot sid significant simpl
singl situ slow small social son south southern spac speech spend spread sta staff stag stand station step stock
stor strateg street suggest suspend system taken tank team technolog temporar territor terrorism test texa think
though thousand tie tim togeth total town train tri union unit universit used using vic victim violenc wait wall wat
watch weapon welcom went west western wid win worr worth wound writ york
"""
_FAIRLY_COMMON = """
!expir !yield abduct abilit abov abroad absolutel abus achiev acknowledg activ actor actuall addres address adopt
adult advisor affair affiliat african age airlin airspac allianc although alway ambassador amount andrew angel
anniversar annual answ anticipat anyon anyth appl appoint approval arab articl asia asian assassin assembl asset
assistanc associ associat assum attend attention attorne attribut authoriz availabl averag avoid award bab bad
balanc bar battl bbc beach becam belief belong ben benjamin beyond biden bit black blam blood blow blu book boom
branch breach breakthrough bridg broad broadcast brok broken broth brown budget built bus business cabinet camp
cancel cancell cap capacit capitol captur cargo carolina carry cash casualt caught cbs celebrat centr centur ceremon
certain chairman charl choic christian church circl civil clas climat climb closel coalition combat commerc
commitment common communic communist competition confidenc confront congressional connection conservativ consid
construction consum contact contain content contract contribut convers convinc cooper cooperat cor corp corpor
correspondent coupl cours cov cover crash cre credit crew critic critical criticism criticiz cros cross crown
crucial currenc currentl custom d.c daniel data deadl debt deep defenc deleg democrac demonstr depart departur
deploy deployment design destin destroy detention differenc diplomac diplomat direction directl disast dismiss
disrupt district division doctor document doing domestic dominat door doubt draw drop drug earth earthquak echo edg
effectiv eith electronic els embrac emerg emphasiz enem enforcement engag ent entir entit entr environment equit
escal escalat especiall estimat everyon evidenc exist explain explod explor explosiv export extra extremist eye fact
factor failur fair fals familiar farm favor fbi feder fell femal festival field film fin finall firm fix fled flee
flood florida flow forev formal fort forward fought fraud freedom freez fresh friendl frustrat fundamental gam gap
gen gener georg girl given goe gold gon governor grand green guilt gulf hall handl harm harr headlin headquart hear
heard heat herself hid highest highl hill himself historic honor hospitaliz hotel humanitarian hunt idea identif ill
immediat immediatel implement impos improv incident independenc index indicat indict individual influenc
infrastructur initial initiativ institut institution intens interior internal internet introduc invest investigator
investor involvement islam islamic item itself jae jet jim joe jon journal journalist jump justif kept khan kidnap
kim kind king korea labor lack lad laid languag largel las lawmak lawsuit leagu leak learn legisl lift light listen
load loc loss lost macron maduro mainl maintain manag management manufactur martin massiv match material mayor meant
meanwhil michael migr mik mil mill min minorit minut miss missil mix model moham monitor mostl moth mount mourn
movement murder music muslim nanc natural naval nearb neighbor netanyahu network newl newslet noth nuclear observ
occup ocean offensiv officiall often operator opinion opponent oppos option oust outbreak outcom outrag overall
overnight oversea p.m pacific pack packag pag paid palac panel parliament participat particularl partnership path
patient paul payment penalt pension performanc perhap permit personnel phas phon pictur pilot plead pleas plot plu
plung politic politician poor popul popular port pos positiv possibilit pound powerful practic pray pre predict
premi presenc princ principl priorit prison probabl proceed production professor profil progres prompt propert
prosecutor prospect protection publicl purchas pursu quickl rac radio rain rank rat reaction realiz reall rebuild
recogniz recommend reform refuge regard regul regular removal repeat repeatedl replac represent representativ
republic research reserv residenc resident resist resistanc resolv resort resourc respect responsibl rest restaurant
restor restrict restriction review revok rhetoric ric rich richard rival robert roll room roughl rout row royal saf
safet saw scal scen scienc scientist seat secret section sector secur select self senator sens separat seriou
seriousl settl sever shak shell shock shop shortl shutdown similar siz societ soft solution solv someth sought
sovereignt spark spe specul spent split spok spy stab stabilit stanc standard statu stay steel stem steven stood
storm strategic stream strength stress strip strongl structur struggl student subject suffer suicid suit sum sun
suppl suprem surg surpriz surround surviv suspicion sustain sweep tap task tax tear television tension thank
themselv thought throughout toll ton touch tough tourist tournament traditional traffic transf transfer transition
transport trap treasur treat treatment trigger tru truck typ unanimousl uncertaint undermin understand unknown
unlikel upcom valu variou vehicl vessel via victor video villag viol violat violent virginia visa visitor vladimir
volodymyr wak walk wav weak weaken wealth weath weigh whit whol widel widespread wif wing wish witness woman won
word wors worst written wrong wrot yesterda young zelensk zon
"""

_CLASSES = ((_EVERYWHERE, 0.3), (_VERY_COMMON, 0.45), (_COMMON, 0.65), (_FAIRLY_COMMON, 0.85))

WEIGHT_OF: dict[str, float] = {stem: weight for stems, weight in _CLASSES for stem in stems.split()}
"""From each common stem to how much sharing it says, where sharing a rare one says 1."""

"""How common the words of the news are, by their stems.

Counted in five collections of reports from 1989 to 2026, so that no one year decides.

A word that stands in no list is rare, and says much of what a sentence is about.
"""

from __future__ import annotations

from typing import Final

_EVERYWHERE = """
about accord acros add administr aft against agreement air all alleg also american amid an and announc any are arm
around arrest as at attack authorit back be been befor being between both but by call can capital captur cent chang
charg china cit claim clos com compan continu could countr court day deal death department do donald down dur earl
end even expect fac fight fir first fiv follow for forc foreign form four frida from gaza government group had has
hav he her him his hold hom hour hous how if in includ injur international into iran is israel israeli issu it its
just kill korea korean last lat launch lead least leav liv mad major mak man mark may meet memb militar
million minist monda month mor most mov nation national near new next no north not now of off offic official on one
onl open oper or oth our out over part peopl plac plan polic political post president prim protest read releas
remain report return right russia russian said sanction saturda say secretar securit set several shar she show sign
sinc six som south start stat statement strik sunda support tak talk target than that the their them ther thi thos
thre through thursda tim to told trad trump tuesda two ukrain und unit up us venezuela venezuelan want war warn was
washington we wednesda week wer what when wher which whil whit who will with work world would year york
"""
_COMMON = """
accus acquir act action afghan afghanistan africa again agenc ago agre ahead aid aim airport airstrik allegedl allow
along alread america among announcement anoth ap appear approv area ask attempt august australia awa ban bank bar
bas becaus becom began begin behind beij believ best biden big billion bod bomb bord break bring british build bus
busines cam campaign canada car carr carry cas caus ceasefir central challeng chief children chines citizen civilian
clash clear coast collaps comment commission communit complet concern condemn condition conduct conferenc confirm
conflict congres control corp cost council count crash crisi current cut damag dat dead decad decemb decision declar
defens demand democratic den describ despit detail determin development did died diplomatic director district dozen
driv dron drug due each earli east econom economic effect effort eight election embass energ enter eu europ european
event ever exchang executiv expert explosion fail fall famil far fear federal fil final financial find flight flood
football found franc fre french full fund furth futur gam gas general german get giv global go going good great
greenland ground grow hama hand happen head health held help high histor hit hop hospital howev human hundred import
impos inc increas india industr inform insid intelligenc interest interview investig involv iranian islamic island
jan januar japan job joe john join joint jun kabul keep key kim know land larg largest latest law led left lif lik
likel lin link littl local london long look los low march market mas mayor media men messag met mexico might
militant ministr miss missil mission morn mr much multipl must my nam nearl need negoti negotiat nicola night nin
nuclear numb obama octob offer oil ongo opposition option ord organiz outsid own pakistan palestinian parliament
past pay peac person photo plann play point position possibl potential pow prepar pres presidential pressur pric
prison proces program promis propos provid provinc public push put putin question raid rais rang reach receiv recent
record reduc regim region reject rel reportedl republic rescu resolution respond respons result reut reveal ris risk
rocket rul run sal sam schedul sea second see seek seen seiz senior sentenc ser servic seven ship shoot shot should
sid sit so social soldi sourc southern speak special spokesman star step still stock stor street strip such suggest
summit suspect suspend syria syrian system taken taliban tariff team ten tension term territor terrorist test th
then thes thing think third thousand threat threaten tie toda toll took top total town transf travel troop try turn
tweet uk ukrainian un union until updat urg use used vehicl ver victim video view violenc visit vladimir vot wat
watch way weapon well west western wheth why wif win withdrawal within without woman women wound year-old yesterda
yet you your
"""
_FAMILIAR = """
abandon abl abroad abus accept acces accident account achiev acknowledg acquisition activist activit actor addition
additional addres address adopt advanc advis affair affect african afternoon age agent aggression ai aircraft airlin
al al-assad allianc almost alongsid although alway am ambassador amount amp analyst angel anniversar annual apparent
appeal appearanc appoint approach approval april arab arabia argu arriv articl asia assad assault assembl asset
assistanc associ associat attend attorne aug australian avoid award bad ballistic bann bashar battl bbc beach becam
beginn benefit benjamin bett beyond bid biggest bilateral bill blam blast bloc block blood blu board boat book boost
box boy branch brazil breach bridg brief britain broad broadcast brok brought burn business buy cabinet california
camp canadian cancel candidat cannot capsiz caraca care carolina castro casualt caught cbs cease-fir celebr celebrat
centr centur ceremon certain chairman champion chanc channel check chemical child choic christma cilia civil climat
club cnn co coach coalition cold colleg collid colombia combat command commerc commercial commitment committ
committe common communist conclud confident confront congo congressional connection consequenc consid consider
construction contract contribut controversial convers convict cooper corruption counterpart coupl creat crew crim
criminal critic critical criticall criticism criticiz cross crowd crucial crud cuba cuban cup currentl custod custom
dail damascu daniel danish dar data daught david de deadl deadlin debat debt dec decid declin deep defeat defenc
defend delay delc deleg deliv deliver democrac democrat demonstr denmark depart departur deploy deport deput design
destroy detain develop dialogu dictator die different difficult diplomac diplomat direct directl discover discus
discuss discussion dismiss disput doctor document doe doing dollar domestic don door doubl doubt dr draw drop dut
earn earth earthquak eas eastern egypt el elect eleven elian eliminat elit email emerg emergenc employe encourag
enforcement engag england enough ensur ent entr envo era erupt escalat establish estimat evacu evacuat eve everyth
evidenc exercis exist exit expand experienc explain explod explosiv export express extend facilit fact factor failur
fair fan farm fath fbi februar feel fell few fidel field figur film fin financ firm flag flor florida fly focu food
forecast formal formall forward fourth fox fraud freedom freez friend front fuel gain gang gather gav geneva gett
girl given goal goe gold gonzalez got governor governorat grand grant green growth guarante guard guilt gulf gunmen
half halt hard harm havana hear heat heav helicopt highlight hill himself historic hong host hostag hotel houthi
href http hug humanitarian hurt ice idea identif illegal illegall imag immediat immediatel immigr impact implement
important improv incident incom increasingl independenc independent indian indicat indict individual indonesia
influenc infrastructur initial insist instead institut institution intend intercept interim intervention invasion
investigat investment investor invit involvement iraq ital italian itself jail jam japanes jet jinp jong journalist
juan judg jul justic keir kenya kerr khan kind king kingdom kitchen known kong kyiv la lack languag largel latin
lawmak lawy leadership leagu lebanon lee legal les let lett level lift light limit list loc long-term loss lost lot
lov main maintain majorit mamdani manag management manufactur marco massacr massiv match material matt me mean meant
meanwhil measur medical miami michael middl migrant mik mil min minnesota minorit minut mistak model moment mone
monitor moon moscow mosqu moth mount movement murd muslim nationwid nato natural nav nearb neighbor net netanyahu
network nev newspap nfl nigeria northern noth nov novemb oblast observ occup occurr ocean oct offensiv often old onc
onlin operat opportunit order oust outbreak outstand overnight pacific pact pakistani palac panama pap parent pari
park particip particularl partn partnership pass passeng paul paus payment peaceful peninsula pentagon per percent
performanc period perpetrator personal personnel pet phas philippin phon pick pictur pla plant platform pledg plu pm
poland politic politician pompeo pop popul popular port powerful predict premi presenc present prevent previou
previousl privat problem produc product production profit progres project prompt propert proposal prosecutor protect
protection prov publish pull purchas pursu pyongyang qatar quart quickl quit quot rac rain rall rapid rat rath react
real realit reall reason rebel recentl recogniz recover red referr reflect reform refuge refus regard regional
reiterat relat relationship relativ remark remov renew repeat replac represent representativ republican request
requir research reserv resident resign resolv resort respect responsibilit responsibl rest restor resum revenu
review riot riv rival road robert rol roll room ros round rout rubio runn safet san satellit saudi sav saw scen
school scor search season seat secret sector secur seem sell sen senat senator send sent seoul separat septemb
seriou seriousl serv settl settlement sever sharehold shell shift shock short shortl signal significant similar
simpl singapor singl situ ski slow small solution somali somalia someth son soon sought sovereignt spac spain spark
speech spend spent spok spokesperson sport spread spy st sta stabb staff stag stak stand standard starm station
statu steel stop stopp storm strateg strategic stream strengthen strong struck struggl stud student subject succes
successful sudan sudanes suffer summ suppl suprem surg surpris surviv survivor sweep swift swis switzerland sworn
tabl taiwan takeov tank tanzania tax technolog tehran television tell temporar terrorism texa thailand thank third-
quart though thought throughout titl togeth tokyo ton too tourist toward track traffic traffick train transaction
transferr transition transport treasur treat treatment trend tri trial trip truc truck trust turke turkish tv twelv
twitt undermin understand universit unknown upcom usa using valu vessel via vic victor villag viol violat visa vow
vs wait wak walk wall warm warrant wav weak weath weekend welcom went whol whos wid widespread william winn wint
withdraw won word worr worst worth writ wrong wrot xi yemen young zohran zon
"""

COMMONNESS: Final[dict[str, float]] = {
    **dict.fromkeys(_FAMILIAR.split(), 0.8),
    **dict.fromkeys(_COMMON.split(), 0.6),
    **dict.fromkeys(_EVERYWHERE.split(), 0.35),
}
"""What a word of these lists weighs beside a rare one, which weighs 1."""

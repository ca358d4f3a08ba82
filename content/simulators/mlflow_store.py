"""An MLflow store with nothing in it, so that a check need not wait until MLflow has made one.

MLflow 3.17 makes the same file by itself at the first use, which costs more than a second of
processor time. `DUMP` is the text that `sqlite3`'s `iterdump` gives for that file, compressed.
Another version of MLflow needs another one: it refuses a store that is not its own.
"""

import base64
import sqlite3
import tempfile
import zlib
from pathlib import Path

DUMP = """
c-qxHNp~B$(dXz_^rwr&_n1U>MvDFB<v>Zat+9rjXo)kYeyt`%^{C0Fd+}KL^&j@eQdme)v^@up*eDc$+E6GIfYb5&i%
D{GHJV(H&TcNIlb`p_uEwLAadI;{y&NZ5i57Q7o_;}fQ&h|3aPKet&ve->lK+gZ&OVH;4*&6bkW8jG$>jF(a+vJ><!m~
+#z-$FHztO3^_VBWU0wV-y81o&IQ~63RPYV<20!mzOs>aQHwmsgP4<o2`?$r++wt|`!7P9E>g43@Ki`~W#|HzW*ZW!1p
r%=%W!vnNKKH-VVkUcie5Cift+O2Y0G8PT$->uWsnSUMv{C>KxG!1Rq2y-#-y7{Ss_UwzpUJPhMp=tyX<IB%(`JiRa(e
Ne&{M5aW=)%Rt63Pbsk$1EP3xE0e-5LJpA3<d)ZJ43jJZwWSJ~2_76r~)%qh$`IhG1@uP$b&F+njUaQ)Ni^m06!xM;aR
ZH7mfNp$Gz3e|;RCLZbd{rIZqpQJ;&XgDb-#`(NPb4;m}(f{4$bVLh^hKL@<nDY|RpY!p%(e33;a^w{4Udpgo>r$;r+`
y=K|Cp+ErQE%nUX3r_PY8xX@o|t`jo*#0#*?%0b;3U`@2ljnMxQ%8Pzo|7y}cY`1vndBpN-DPd!|a<b+b8Y(^XX#d4V~
Bl|udWr1AGe7Yq*AEsNHv@f;>wRNb;=#MR1Y9g_<`774{T!Fj7IX;zbln!Hj(+0~nzAag<q9lLu{B>s4y7G-Tv?||A`I
gH}Zs(!=@l=ove`Nu$t+`$apXI<GID0TS28D-2C72z^CZAqrd_JJiU`$XLu#BC@4k#?O&L_nQ%+s@-7!}iRIIhJK7deH
~SjQL@0J1fic2ejy|iuk;$tNTJRUJ7L;h(S?p@WX_RbeOOa0h%v}n`+gRUyWu5G$_p&s5MNmut7k}*{Uiq_+7D_70Wp_
3G$<d)isKlOeB;xogBjo2&;%kJtGv%ucNb~S(VvSYRu@CGFeoznctIam}s<7eu7hgjawzZCIkI<T>|*`CecCG;QpeTp)
y@$tCf%e{<lvAV#I_Y#&)d02A`O85A2_)m_I<X#)cNUES8Vi+>p?dpA`GbS*Y6A`>ZVQvivcv>KUq4zXFm6oo<#?^hES
A-aztV?2qpP#5J`mK)Kc>vmAE~s^XT%He*t_|A?OU-M+Ry3*za7Ig~Mi32_s*YO#>^V3??s_0W;@dx!eFFRSjy+HKI(e
M=XpuDX`!NQ1rF7R{ejO(o@0A@gc^U(C}#8tlsj7Xe*EH6J_5j~Kb-%pV*bJkt*YCCEE3c;v?L0=7EyUys2qcb}Ek<?z
`|cssfH_w6`2l%JV51L<p9v`=IeQ{_d*HJvWo#BZM{#<+2|`(QbG*uN^4tTDewr~rEKsY`BU;iz%j8nwlD%>j^uz#fOu
Tm1{@h9hF-Sh;XLYn0>ZNq5ZIH!r0)qz9x}t~xADzg$lzmSdl{oWrD)t-<E~5AJ8{KaHkbOgC+fL3+iAm_@P9Ay7_-nm
%OBgXSCbqsDeg62p`LCrd0ru-F5c0XI5@XR1-?KkF93LewN0Y{)0T%ks}1>RTl=lIEaCG)#Kx0an2tj+oCQM9`e_kE5o
1KXd4`?BWa=4sA4!GZfcLvn9p~=<2`Dl&@P@eF1DPe2pbJpOkm1sn4C9ZOVCM0W!e-)JmAYAMKcWy%cA6wbq>es5adb6
wme<d;{nH<$B?r*T;q+W_4TKXL*~JRi0@vIRZ*Wp}0r+Q(hwM4q^w+j5SjsqElzI+&x!#`XPJcJp*UGCN&3j_F;VXF*!
6pUrdt20}`wJf)0kHXC=Z4aWEJFo|}Sw4c|@MQ_+~q_fw9B2j`q1!-K#5eNookvibWF{vrDH>Ys0qv9!NAdVTWxwed?5
(-fq6m({a6D@yLeM+ceuir%0j$~!6*){=eWb<H!S#u~6cUZf5an1pO>I}8!njcZI%Ti1r6HZKcs`#Ml~;#2EJ3PfnWt7
=qx*Ch->Y<5C+&azIro%3%vu;SFA06*TA1T6Zt%*Tp(lNuaQg-o&!FRL^tP2%(-EIRIL-i`pQQafW8uc>xoac+q{^RI>
5%zk;dUi?CDdCksXSl_V4zrGi)cmQ8M#`XAnT>dvLk{jo)SdmGrmt6c8P1CV$TKZSIy}dWfWyM{|>taPMm$h4l?Ooe7?
wkRHwW(;ItR#S{YSTRH8axK!40C$G$pkqG0akUPz;8JP!ed%h#!|Z58o-$V7!6+I<>GkG8Jf4O(^WH>YKhh|aqp5tQb0
5{$}s&=-4XZwkqRaGBgG36x8Wh+9-+<h&s|YF=OSgGvR#WQq7wj9`bxYXDp}YkjUM<D9#`awoB-2hQ7D*bELbf1`1izD
S)DB!TO|p`s%!fU7Ota^=GUmfbGB5e8nyKk_UA~B1_bU{PCe62VEs#HsHNT<3#(BARkfju%%!jDlm!0q)M*r#2rt%&s$
tP-deM<hVD%^Ae?Hz-UCl9^Xi@yM-JoI8R=71QCP-a|6^6u`xxm_{1VNYRYl{)IXt8QlM5gEhrUbC|Wp;;3o{>QHi~ae
MR$rSkUs=)MrmeeNP6=#pExW@@*1TGfMuQtG+?{yxWa%&vwz{yzJi--riD--%7epYbsKzIJX>775f59`r9_clAJy&#}?
GETc10aP32n&^%pbgE)tBZV%aG1TZZ_d=rjG>i-Q_E}#rU{A(EG7|E>%1$vCTB!5u+~qN?pc&J$U;24&m^*QG)!I%0F|
%ib1cGq|D92kreDwxzQhVP0RP;<fq+~{2+T!!UTh>xhAofn;(^;y<|08YvxcV@+Sy_zuL0uPIU1bO!$cve{GpOgek6oq
LIP_!)a;g(J+f6PMt1gw(Uw}hNfej}4-{+~a75SgKwW;9));q=ViYDUuN0Zzon;`7)NPmKu}*pfPc|H4E6223S>lbpge
du$E21A;U@h56@iLYGtjSg|M$$8tHyNTX%NW`zLur#cXXmz9>7Vi3TTHKxOjvDk=9?ek=z;^-vkVLDZgKAD`LsuaV9>-
^^=Je32(Vjt{k4oyq}Z9vAD_FaWyt6boMTH^7x^m9@|-LUmB6icdA~`lyg~IBRHy!(QVt{n;F6`U-wc%EtSqv|+C%N?Q
aN<=(;Mq_)3RArHLxg?{l=?4lr6|Q@2?MSyE+Ij$W8(q`6uh{T?FGn5VxR3c1$%+&U-RLsFJ4ap(<R{GhH!0R@T^iuC~
yTFSoy)j{;(-@|T5wH<7f!X1pal`jQP0Js&UhE?b;1NHa_*;2?}Bf;YQmittLd&ymfNoni8U&WXhYFzw02^4)Pj92I>z
P6UO2o2*iY6J{BQ4)ab!D}IESDDgYEsqCn_Yi@_V--@+@REzA7ss`OS2~jKq5UZ@sAN&wCsu7E4H)K*)7b(ZDUV~l%&4
9O3bd4=Ka@@G5Q=Q!#RBEfLw6b^Amg$6DEtd#8)747P{QZu607Gb^6=)EF>wB|&FQgKVQ*b;IXKV}8P;CBP3qw!{fSC3
R1hdx*QO9H+7$NY81O<PXTlSbGKJ;;KtR-ZS!-Tc?@?r3O>%`c8A1;VHJs8OPLRi+IRI628eJM!VAbbcw^uez|KXAU5M
R-S4KtH)>uikAuJ;}9X1o2hR*P>rZo>pHRbA-umb<?9vTmn_EY5hd+IM)O62e!gRrSm=$$hF@)9ZHUBZlw09*}#$1>-&
Akz_h3{j4^9-`bT7zTc;h=snPQFyGBnkl~Z0<*CZyTM*v@|VLmJR=L`E;DBxhAii(_zwj+#fRg-9*6*m<CTb0mFy);uS
o3uvr0#9CbA7+mA)a;s|zZMX~YKh5-XvQiz#i}H@gC!Ap$36%=SC=Ry2W0^VBpf@xFG@UMa@3X_iUsbrfctE6%QZ59TQ
GUjeyCt>FObWt=I};sN;+EJa$MOqOKiJrf9=!jZ>;@^b<!Hx7UD~!GuR_E6-UJC*d1GOVa4?i4?WZVz@6SOPKm|KMTD0
(NNX=3ZHBGq-B@$mZW$Ht&BU;Y`Z3>n(y%xZ<GyU&McFo^)?Rhj=u3hAOh0#sWL39_WpePJo<r&wGW91e5(v)?eunF0R
?jOk&00&cqk&#XXszEar?Du!nd}482yK$dBDJ6yUa_;GgQ{Smk)&3|Uwky=zOURQ3QTxkRcqHuaSd`ioCE73l|N6jCz&
r}(}QsL#3O5pIHK9BkE1x6(Iz~!;)p|(VrX_wp*Z3^H)onP;59&@fY5eq1nH)c))dEPH-`g^{U%Av&JM`&d-9iQ4i+#0
cRXYebh0g3aNc5~6@i(nxMTHG$_@e=0N$X1F<-qEA4wL6KH;OK<pb~znHyicNmou1AC1hX>gqx%<HLb(U*btVo*Q%s(M
<`|1IInAN@^ZYRzJ}MBh0Vy>2&&$q!|4&JthCUoSuy?$sf0qkCW-A3HkH4tLZP}vl~16h)Ba$j_GeFb&royB$DCwuJO0
?+spAeY4Y9ZLi}|xxw!to{=T}MOfDwx$)6uDE(rh-XD4&ltShmU(LG0Yh>Pw%db1+~$F$nEB+=e#Icq|<TbLcNPjiXhK
%F-Z^=|7hH>N*cz5Nf5k3l<5p#Z+OHZrv#;8;lf0c2yK+mDtwNZZ6+^1(3&GT4Hgv1#X|nUhA}B2RFiZ&uLh1Kd}FcAo
s(Q)rpjPb*?H`Q_7>(^Gv>U1uwD1Z{>M?ZQX&=oN76tv*WB?t_NFP8e1Gu6<CCXSsHTf8b3p&QV(c<!+Sim54h1hLg%^
VBbk825cL-MO``n6TE~TxORR03?+G(N2P_*6N@0CTf>C6@4h-q!$W?6_nJ#Yx)H<QngjxhQBP8NKZ=MEwk|;CRmOI6;7
jnSC<y(46T1Tk>!puJZcP75w$Up{{)O9TL21{iFXbxY{dh9I!ZbTiMwg#Pzh5V#YkEh8iR7;d)Pq5CeS>*<&QpY1auC#
-GR3jZMmeI)uGBL=wpE*z#y4QoT~Lh2noMJLZ0FcfK?sYmLw0v?DuXq%i+lf@&!zI#Ksw8c@+qyWvg}qO#~qUXh%<f^2
S)gm(1>T~h@xeP=5^K4JCYmJy48T~d$AMi(3y*FVIEIh6ie$<_BHj`Jr9YZPHz(gRHTR~|8OMUT;q1d90zTqdBe1aQ|w
1$59_==Tf8U(R>w!yr?<eTw*k(%DZeK3IIU}R*A?ZAMTFwkEIuyrviod-d*<W-I3}n=p@$**uE@Vx(?FPNvyHkpM@qIw
><+T$vdJy)ANSK3i@?d5>=}Mq=u}>RNua%J6Y#<EvLFq^-DKCPu#y!ERN4pdYSgUoIv%+pW_Rf-dn&7Jmd?=<F@H@C6i
)PHWYlcSPe*S_z>rL0Mz$miT=LsE$So&50k~6Ud}Usl@iEWx2Q2gmcN0X#%4M)*U6?extG=N0)k7_zZ7&k=At4V^m24?
*cF?i+qHOm}ski$mgK9IINHy7b&8IcyA(DHwr(;n1s+kMLXWfch%T0->B;E*nj>Qa9*`k}-ywi+^h0Q{>V@f`EzS)3!z
Ii81FrLn_8zTLQ?jEX&+zO8P*<kU-*t0R#=B;rxp6{|y552VJ?Q9F#l_7tjV3;u6*0kM&YJ}mRn?wWX$&zPHp3RUgJEG
!#EJ*_AQGlcsIa8{qo2?M0?+g@q*z!N)10XhQH)7um;LEo$0o463v+S9HN<myV^KE}iHrZG?Mx<@u9gyrB?NTat0?DP0
yp*X@R_6}|wg`RhFj$HyP2^I)7}p%1?5j0I_!jHFg7PS+yuzAaX5FJr?yEW}(LBqa<g;AO!H|w${?iliVsbwIFZMxZ=&
N?G4fUz9V#w)Pdb?m%{lY8_gI*Lu#P1t5?-5P)Yecp8@o*dBR@Tt<qeFGC)!PB(c2@;|{}ryxFOpG*FYfR04;wc1xO!i
pnQ{*j-vlcWnm`fAY2TEA@jiKnC0`@ZZo<Nq?MEUakm&CSLQf@Xn2kj#0Pm1x?=@3IqQM)@<kcb|Qs_k;;}Ic@8GLO>2
a88vlPhZ*a^9hO>{d?nYw3(~*{{`++1FHeA9$}w%cft!N+M8j-vL0uXa3k;crY2hgv7{qxKuiWd$OszU5xR|t!6_46)>
2K?p<+-6}s@-Arj$-U5H4yUb0c%3yDP!yyyeBzyTu~iFiPe%C+N>NA*tfwHknqW%?R|P7wMVwBFHE(K8kVd+%J5N;}`r
x`27t<eR^XWQ<TeFv&+6OYC6+5JZ2j(xCzBma5nxl6#Lt3$$Hid#5W>R-072S``#ij9&$cM=k6Ch!WKP-e@%<0^ZxHMk
GpktBFSYN_tB-R~PR|q>TjV=zcEW+|M#RlXdLjv%S+XSwxB4enM^rwTC|^<I&lN<ZAk9@6(6zB$-~G|E*6A`M-Z9lkq3
z1BO>1Xy<eo@(H(xR}Fg!{_h$uz|L+G>?2=~4@aldE9_k#^ysqXOwBGxvKl4Dg7o{YM9E>-APmzaqtQ9$OTu$ah%qNGw
Tvg{u)pg$&`Vrj`-#s!TOtyn+){$^iDDQXy;YfJc=98UdX5%G$!_x&H*60RH5Y?c;nz=#I*<f`FYQqARik^d1VUk*_0S
RdPLxFV$R0f0znBpNI;)QyQe1DBr5b8@lyHNuvXy6}XkLg^_5+uyjSf}!94>cAtQVd6BD;pnDD<IX3o+=q0kRh34@T(m
W*-XuYC#2s{%n93g*3{tE^Ly)g)~X_WOolkD{6Vbi$FkRRbFe+D5^dj<mHR??u=R6ox17620qrLV(!lh`&=0irS=RGj8
l7T$0^*}>3;p{1esANMP0vl%Xwrw!URI?LADTX$`xdB->psqE!x4O2>tM#d!T*Q&Yi4@ke`qd3I7H@aneVewh5!t&vPj
n37xT1jy`$x6u>Xe)j9Brvu9y+I<xvCUM6CLYyC+rNTPuooLG2`ig45&X2LJfF9ACrU!N)8=(S(^H+In%`DXQub<B0=q
>z00@=?bHl#xxS3cLn-`NO5qj^^0O?@b$H=d2^9%{HsaZ?*#k&73NLZ)Iq2?CN*>%4H(kDl)<qDrm436&PHJvL^J)=0h
>ZK3Pp!4BD?H;WiXVbyaA=hTC!MeVA>)U}5x1{+)<eYIu$EFhb_ML{NnRM$-gH5EaW1(Q%%`Y(}}bf$=Z$0o3BCmk+a@
s2kk^-A3qV4Y&y&<MhlK5NeTr?8d7kD6groN~VinU3);t#;D0$jS><Lr44#AyR^q7)D%ClFXoO~^ofpekDN)Sn{}tp{1
ksX7v3{fyBxi9rx|b3Jr{i%MgYD6M1(%CzA)F_K0FYk89H9_G7gA!6Q!H!Hi_b9{cbEfWNMropL4G9V3*#-dQCXIY@i{
wPQX+5EYu2LA`nn#I7fe~jRkPTTXX!eHg_b5TVLyGFc}9Dme+(JIH$k<dU5mf{{t|*;+O
"""


def empty_store() -> bytes:
    """Return the bytes of an SQLite file that is an empty MLflow store."""
    statements = zlib.decompress(base64.b85decode("".join(DUMP.split()))).decode()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "mlflow.db"
        connection = sqlite3.connect(path)
        connection.executescript(statements)
        connection.close()
        return path.read_bytes()

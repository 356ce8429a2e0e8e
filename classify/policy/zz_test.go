package policy
import ("testing";"fmt";"os";"strings")
func TestZZ(t *testing.T){
 raw,_:=os.ReadFile(os.Getenv("ZZ"))
 all,_:=lexicons()
 src:=string(raw)
 var b blocks0
 if strings.HasSuffix(os.Getenv("ZZ"),".html") { x:=readHTML(src); b=blocks0{x.blocks,x.title} } else { x:=readMarkdown(src); b=blocks0{x.blocks,x.title} }
 d:=newDocument("",src,b.blocks,b.title,newVendorIndex(testVendors(t)),all)
 d.outline(); d.findOwn(); fmt.Println("self",d.self,"own",d.own,d.lang); d.walk(); d.judge()
 pr,sp:=d.practice(); n,te:=d.titles()
 fmt.Println("practice",pr,sp,"titles",n,te,"titled",d.titledPolicy(),"speaks",d.speaksOfItself(),"law",d.onLaw(),"adv",d.advises(),"err",d.errorPage())
 for i:=range d.statements { s:=&d.statements[i]; if f:=os.Getenv("F"); f!=""&&!strings.Contains(s.p.text.s,f) {continue}
  fmt.Println(s.kind, s.p.text.s, "| listed",s.listed,"labelled",s.labelled,"before",s.before,"gen",s.sec.general,"man",s.sec.manage,"cat",s.sec.category,"cook",s.sec.cookies)
  if os.Getenv("F")!="" { for _,x:=range s.p.hits{fmt.Print(x.concept,"=",x.value," ",s.p.words[x.from].word,"..",x.to-x.from,"; ")};fmt.Println(purposeOf(s.p),s.p.neg)}}
}
type blocks0 struct{blocks []block; title text}

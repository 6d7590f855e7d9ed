/**
 * Makes the heads of a table sort its rows: up, down, and as they came. Absent values stay last.
 * It needs no kernel, so it also works in a stored notebook that is trusted.
 */
const SORT = `const body=table.tBodies[0],rows=[...body.rows],heads=[...table.tHead.rows[0].cells];
const value=(row,k)=>{const{dataset:d,textContent:t}=row.cells[k];return d.v!==undefined?+d.v:t==="–"?null:t};
const compare=(a,b)=>typeof a==="number"&&typeof b==="number"?a-b:String(a).localeCompare(String(b));
heads.forEach((head,k)=>{const button=document.createElement("button");button.type="button";
button.style.cssText="all:unset;cursor:pointer;outline:revert";button.title="Sort";
button.append(...head.childNodes);head.append(button);let order=0;
button.onclick=()=>{order=(order+1)%3;for(const h of heads)h.removeAttribute("aria-sort"),h.querySelector("i")?.remove();
const sorted=[...rows];if(order>0){head.setAttribute("aria-sort",order===1?"ascending":"descending");
const mark=document.createElement("i");mark.textContent=order===1?" ▲":" ▼";mark.style.fontStyle="normal";button.append(mark);
const sign=order===1?1:-1;sorted.sort((a,b)=>{const[x,y]=[value(a,k),value(b,k)];
return x===null||y===null?(x===null)-(y===null):sign*compare(x,y)})}
body.append(...sorted)}})`;

/** The script that makes the table of an id sortable. */
export function sortScript(id: string): string {
  return `<script>(()=>{const table=document.getElementById("${id}");if(table===null)return;\n` +
    `${SORT}})()</script>`;
}

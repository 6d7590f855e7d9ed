/** A private authority and the certificate that it gave to a server, PEM. */
export interface Certified {
  /** The file with the authority's own certificate. */
  readonly authority: string;
  readonly certificate: string;
  readonly key: string;
}

/** Makes an authority in a folder, and has it vouch for a server of these names. */
export async function certify(
  folder: string,
  names: string,
): Promise<Certified> {
  const at = (name: string) => `${folder}/${name}`;
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
  await openssl("req", "-x509", ...key, "-keyout", at("ca.key"), "-out", at("ca.crt"), ...[
    ...["-days", "2", "-subj", "/CN=Private authority"],
  ]);
  await openssl("req", ...key, "-keyout", at("server.key"), "-out", at("server.csr"), ...[
    ...["-subj", "/CN=server"],
  ]);
  await Deno.writeTextFile(at("names"), `subjectAltName=${names}\nbasicConstraints=CA:FALSE\n`);
  await openssl("x509", "-req", "-in", at("server.csr"), "-CA", at("ca.crt"), ...[
    ...["-CAkey", at("ca.key"), "-CAcreateserial", "-days", "2", "-extfile", at("names")],
    ...["-out", at("server.crt")],
  ]);
  return {
    authority: at("ca.crt"),
    certificate: await Deno.readTextFile(at("server.crt")),
    key: await Deno.readTextFile(at("server.key")),
  };
}

async function openssl(...args: string[]): Promise<void> {
  const { code, stderr } = await new Deno.Command("openssl", { args, stdout: "null" }).output();
  if (code !== 0) {
    throw new Error(`openssl ended with ${code}: ${new TextDecoder().decode(stderr)}`);
  }
}

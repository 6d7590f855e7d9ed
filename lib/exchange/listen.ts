/**
 * Serves requests.
 *
 * @throws {Error} If the port is taken, with what to do about it.
 */
export function listen(
  options: Deno.ServeTcpOptions,
  handler: Deno.ServeHandler<Deno.NetAddr>,
): Deno.HttpServer<Deno.NetAddr> {
  try {
    return Deno.serve(options, handler);
  } catch (error) {
    if (!(error instanceof Deno.errors.AddrInUse)) throw error;
    const { hostname, port } = options;
    throw new Error(
      `Cannot listen on ${hostname}:${port} as the port is in use: choose another, or 0 for any free one`,
      { cause: error },
    );
  }
}

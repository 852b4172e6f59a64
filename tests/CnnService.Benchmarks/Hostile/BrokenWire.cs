using System.Text;

namespace CnnService.Benchmarks.Hostile;

/// <summary>Breaks one rule of HTTP itself.</summary>
internal static class BrokenWire
{
    /// <summary>The bytes of a request whose framing, line or headers are wrong.</summary>
    /// <param name="parts">A sound request.</param>
    /// <param name="host">The service's host and port.</param>
    /// <param name="chance">Chooses what breaks.</param>
    /// <returns>The bytes, and whether they end before the request is whole.</returns>
    public static (byte[] Bytes, bool EndsEarly) Break(RequestParts parts, string host, Chance chance)
    {
        if (chance.Below(12) == 0)
        {
            parts.Headers.Add(("Content-Length", $"{(parts.Body?.Length ?? 0) + 10}"));
            return (parts.Write(host), true);
        }

        return (BreakWhole(parts, host, chance), false);
    }

    private static byte[] BreakWhole(RequestParts parts, string host, Chance chance)
    {
        var body = parts.Body ?? [];
        switch (chance.Below(11))
        {
            case 0:
                return Chunked(parts, host, chance.Pick("80000000", "FFFFFFFF", "FFFFFFFFFFFFFFFFF", "-1", "0x5", " ", "g"), "x");
            case 1:
                return Chunked(parts, host, "5;ext=" + new string('e', 20_000), "12345\r\n0\r\n\r\n");
            case 2:
                return Chunked(parts, host, "3", "abc0\r\n\r\n");
            case 3:
                parts.Headers.Add(("Content-Length", chance.Pick("+0", "-1", "1e3", "0x10", "99999999999999999999", "1,1", "")));
                return parts.Write(host);
            case 4:
                parts.Headers.Add(("Content-Length", "0"));
                parts.Headers.Add(("Content-Length", "5"));
                return parts.Write(host);
            case 5:
                parts.Headers.Add(("Content-Length", $"{body.Length}"));
                parts.Headers.Add(("Transfer-Encoding", "chunked"));
                return parts.Write(host);
            case 6:
                parts.Method = chance.Pick(
                    "PATCH", "TRACE", "CONNECT", "get", "OPTIONS", "HEAD", "PROPFIND", "", "G ET", new string('M', 500));
                return parts.Write(host);
            case 7:
                return Encoding.Latin1.GetBytes(Encoding.Latin1.GetString(parts.Write(host)).Replace(
                    "HTTP/1.1", chance.Pick("HTTP/1.0", "HTTP/2.0", "HTTP/0.9", "http/1.1", "HTTP/1.1 x", ""), StringComparison.Ordinal));
            case 8:
                parts.Headers.Add((chance.Pick("X Odd", "X\0Odd", "X:", "é", "", new string('h', 20_000)), "1"));
                return parts.Write(host);
            case 9:
                parts.Headers.AddRange(Enumerable.Range(0, chance.Pick(65, 500)).Select(i => ($"X-{i}", "1")));
                return parts.Write(host);
            default:
                parts.Path = chance.Pick("*", "http://evil.example/", $"http://{host}{parts.Path}", "", "x", $"/{new string('p', 9000)}",
                    $"{parts.Path}#x", $"{parts.Path}?{new string('q', 9000)}", "/\u0001", parts.Path.ToUpperInvariant());
                return parts.Write(host);
        }
    }

    private static byte[] Chunked(RequestParts parts, string host, string size, string rest)
    {
        parts.Headers.Add(("Transfer-Encoding", "chunked"));
        parts.Body = Encoding.ASCII.GetBytes($"{size}\r\n{rest}");
        return parts.Write(host);
    }
}

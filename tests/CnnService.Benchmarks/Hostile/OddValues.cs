using System.Text;

namespace CnnService.Benchmarks.Hostile;

/// <summary>Values that somebody who means harm, or a careless program, sends.</summary>
internal static class OddValues
{
    /// <summary>For a query or path, escapes included. All fit into a request line.</summary>
    public static IReadOnlyList<string> InUrl { get; } =
    [
        "", "%20", "-1", "0", "1", "65536", "2147483647", "2147483648", "-2147483648", "9223372036854775807", "9223372036854775808",
        "1e309", "-1e309", "NaN", "Infinity", "0.1", "1.0", "0x10", "1,000", "%2B1", "%D9%A3", "true", "null", "undefined", "[]", "{}",
        "%7B%22rotation%22:%7B%7D%7D", "%7B%22a%22:", "*", "%25", "%", "%zz", "%FF", "%C0%AF", "%ED%A0%80", "%F4%90%80%80", "%00",
        "a%00b", "%0d%0aX-Injected:%201", "%E2%80%AE", "%F0%9F%90%88", "..", "../../etc/passwd", "..%2f..%2fetc%2fpasswd",
        "%252e%252e%252f", "%5c..%5c..", "/etc/passwd", "//", ";", "a;b", "a@b", ":", "a:1:1", "shapes:0", "shapes:-1",
        "shapes:99999999999", "shapes@", "shapes@latest", "shapes/x", "x/y/z", "1/1", "'%20OR%201=1--", "$(id)", "%7B%7B7*7%7D%7D",
        "<script>", new('a', 65), new('a', 101), new('9', 400), new('a', 4000), string.Concat(Enumerable.Repeat("%F0%9F%90%88", 300)),
        string.Concat(Enumerable.Repeat("a,", 1500)), string.Concat(Enumerable.Repeat("%28", 1000)),
    ];

    /// <summary>JSON values as text; not all of them are JSON.</summary>
    public static IReadOnlyList<string> Json { get; } =
    [
        "null", "true", "false", "0", "-1", "1", "0.5", "-0.0", "1e308", "1e309", "-1e309", "1e-400", "2147483647", "2147483648",
        "9223372036854775807", "9223372036854775808", "18446744073709551616", "1000000000", "0.1e1", "01", "+1", "NaN", "Infinity", "0x10",
        "\"\"", "\" \"", "\"1\"", "\"true\"", "\"null\"", "\"\\u0000\"", "\"\\ud800\"", "\"\\udc00\\ud800\"", "\"\\ud83d\\ude00\"",
        "\"\\u202e\"", "\"\\n\\t\\u0001\"", "\"../../etc/passwd\"", "\"/etc/passwd\"", "\"file:///etc/passwd\"", "\"http://127.0.0.1:1/\"",
        "\"shapes:0\"", "\"shapes@none\"", "\"classes\"", "\"*\"", "\"{}\"", "\"__proto__\"", "'x'", "[]", "[[]]", "[null]", "[0,0]",
        "[-1,1]", "[1,2,3,4,5,6,7,8,9]", "{}", "{\"a\":1}", "{\"$type\":\"System.Object\"}", "{\"type\":\"conv2d\"}",
        "{\"from\":1,\"to\":1e18}", "{\"from\":0,\"to\":1,\"scale\":\"log\"}", "undefined", "",
    ];

    /// <summary>A JSON value that is long or deep.</summary>
    public static string Large(Chance chance)
    {
        int[] usual = [10, 100, 1000, 10_000];
        int[] seldom = [100_001, 1_000_000];
        var size = chance.Below(8) == 0 ? chance.Pick(seldom) : chance.Pick(usual);
        return chance.Below(7) switch
        {
            0 => $"\"{new string('x', size)}\"",
            1 => $"[{string.Join(',', Enumerable.Range(0, size))}]",
            2 => $"[{string.Join(',', Enumerable.Repeat("\"*\"", size))}]",
            3 => $"[{string.Join(',', Enumerable.Repeat("{\"type\":\"flatten\"}", size))}]",
            4 => $"{{{string.Join(',', Enumerable.Range(0, size).Select(i => $"\"k{i}\":{i}"))}}}",
            5 => new string('[', size) + new string(']', size),
            _ => $"\"{string.Concat(Enumerable.Repeat("\\u00e9\\ud83d\\ude00", size / 10))}\"",
        };
    }

    /// <summary>Bytes that are not UTF-8.</summary>
    public static byte[] NotUtf8(Chance chance) => chance.Pick<byte[]>(
        [0xFF], [0xFE, 0xFF], [0x80], [0xC3], [0xC0, 0xAF], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xF8, 0x88, 0x80, 0x80, 0x80]);

    /// <summary>Names and values of headers.</summary>
    public static IReadOnlyList<(string Name, string Value)> Headers { get; } =
    [
        ("Accept", "nothing/at-all"), ("Accept", "*/*;q=x"), ("Accept", new string(',', 5000)), ("Accept-Encoding", "gzip;q=-1"),
        ("Accept-Language", "\u00ff\u00fe"), ("Accept-Charset", "utf-7"), ("Authorization", "Bearer"), ("Authorization", "Basic AAAA"),
        ("X-Api-Key", new string('k', 9000)), ("X-Api-Key", ""), ("X-Request-Id", "a b\tc"), ("X-Request-Id", new string('r', 500)),
        ("Idempotency-Key", new string('i', 201)), ("Idempotency-Key", "a, b"), ("Idempotency-Key", "\u00e9"), ("Range", "bytes=5-2"),
        ("Range", "bytes=-1"), ("Range", "bytes=999999999999999-"), ("Range", "bytes=0-0,1-1,2-2"), ("Range", "lines=1-2"),
        ("If-None-Match", "*"), ("If-None-Match", "W/\"x"), ("If-None-Match", string.Join(',', Enumerable.Repeat("\"x\"", 1000))),
        ("If-Match", "\"none\""), ("If-Modified-Since", "yesterday"), ("If-Range", "?"), ("Last-Event-ID", "-1"),
        ("Last-Event-ID", "99999999999999999999"), ("Last-Event-ID", "x"), ("Content-Encoding", "gzip"), ("Content-Encoding", "identity"),
        ("Expect", "200-maybe"), ("Upgrade", "h2c"), ("Upgrade", "websocket"), ("Origin", "null"), ("Origin", "http://evil.example"),
        ("Sec-Fetch-Site", "cross-site"), ("Cookie", new string('c', 4000)), ("traceparent", "00-x-y-z"),
        ("traceparent", $"00-{new string('0', 32)}-{new string('0', 16)}-00"), ("baggage", new string('=', 3000)),
        ("X-Forwarded-For", "1.2.3.4, x"), ("X-Forwarded-Proto", "ftp"), ("X-HTTP-Method-Override", "DELETE"),
        ("Inference-Header-Content-Length", "-1"), ("Inference-Header-Content-Length", "99999999999"),
        ("Inference-Header-Content-Length", "0"), ("Inference-Header-Content-Length", "1"), ("Inference-Header-Content-Length", "x"),
        ("Transfer-Encoding", "gzip, chunked"), ("Transfer-Encoding", "identity"), ("Content-Length", "+2"), ("Content-Length", "-1"),
        ("Content-Length", "9223372036854775808"), ("Host", "evil.example"), ("Host", "a b"), ("Host", ""),
    ];

    public static IReadOnlyList<string> MediaTypes { get; } =
    [
        "", "text/plain", "application/xml", "application/json; charset=utf-16", "application/json; charset=none", "application/jsonx",
        "application/problem+json", "application/json;;;", "multipart/form-data", "multipart/form-data; boundary=",
        $"multipart/form-data; boundary={new string('b', 300)}", "multipart/mixed; boundary=b", "application/x-www-form-urlencoded",
        "image/tiff", "image/svg+xml", "image/*", "image/", "application/octet-stream", "*/*", new('m', 3000),
    ];

    /// <summary>Text between quotes that is sound JSON.</summary>
    public static string Quoted(string text) => $"\"{new StringBuilder(text).Replace("\\", "\\\\").Replace("\"", "\\\"")}\"";
}

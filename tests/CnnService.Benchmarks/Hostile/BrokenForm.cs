using System.Text;

namespace CnnService.Benchmarks.Hostile;

/// <summary>Breaks one rule of a sound multipart form.</summary>
internal static class BrokenForm
{
    public const string Boundary = "hostile";

    /// <summary>The name of the broken rule, and the body's bytes.</summary>
    public static (string Rule, byte[] Body) Break(
        IReadOnlyList<(string Name, string? FileName, byte[] Content)> sound, Chance chance)
    {
        var parts = sound.ToList();
        var at = chance.Below(parts.Count);
        var (name, file, content) = parts[at];
        var rule = "form value";
        switch (chance.Below(13))
        {
            case 0 or 1 or 2:
                parts[at] = (name, file, Encoding.UTF8.GetBytes(chance.Pick(OddValues.Json)));
                break;
            case 3:
                (rule, parts[at]) = ("form no UTF-8", (name, file, OddValues.NotUtf8(chance)));
                break;
            case 4:
                (rule, parts[at]) = ("form size", (name, file, Encoding.UTF8.GetBytes(OddValues.Large(chance))));
                break;
            case 5:
                parts.RemoveAt(at);
                return ("form absent part", Write(parts));
            case 6:
                parts.AddRange(Enumerable.Repeat(parts[at], chance.Pick(1, 1, 40, 300, 2000)));
                return ("form part again", Write(parts));
            case 7:
                parts.Add((chance.Pick("x", "", "é", "file ", "FILE", new string('n', 5000), "a\"b"), null, [1]));
                return ("form unknown part", Write(parts));
            case 8:
                parts.Reverse();
                return ("form order", Write(parts));
            case 9:
                return ("form cut", Write(parts)[..chance.Below(Write(parts).Length)]);
            case 10:
                var odd = chance.Pick("../../x", "a\0b", new string('f', 9000), "", "é.jpg");
                (rule, parts[at]) = ("form file name", (name, odd, content));
                break;
            case 11:
                return ("form headers", Write(parts, string.Concat(Enumerable.Repeat("X-Odd: 1\r\n", chance.Pick(1, 20, 300)))));
            default:
                return ("form other boundary", Encoding.UTF8.GetBytes(Encoding.Latin1.GetString(Write(parts))
                    .Replace(Boundary, "other", StringComparison.Ordinal)));
        }

        return (rule, Write(parts));
    }

    /// <summary>The body's bytes.</summary>
    public static byte[] Write(IEnumerable<(string Name, string? FileName, byte[] Content)> parts, string headers = "")
    {
        using var body = new MemoryStream();
        foreach (var (name, file, content) in parts)
        {
            var fileName = file is null ? string.Empty : $"; filename=\"{file}\"";
            body.Write(Encoding.UTF8.GetBytes(
                $"--{Boundary}\r\nContent-Disposition: form-data; name=\"{name}\"{fileName}\r\n{headers}\r\n"));
            body.Write(content);
            body.Write("\r\n"u8);
        }

        body.Write(Encoding.UTF8.GetBytes($"--{Boundary}--\r\n"));
        return body.ToArray();
    }
}

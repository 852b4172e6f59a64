using System.Diagnostics;
using System.Globalization;
using CnnService.Core.Common;

namespace CnnService.Core.Tests.Common;

public sealed class NormalizationFormCTests
{
    private const string Python = "/usr/bin/python3";

    /// <summary>Every character that decomposes, as it is and decomposed, and 3,000 random runs of letters and marks: text, then its form
    /// C.</summary>
    private const string Script = """
        import random, unicodedata as u
        points = [c for c in range(0x110000) if not 0xD800 <= c < 0xE000]
        composed = [chr(c) for c in points if u.decomposition(chr(c)) and u.decomposition(chr(c))[0] != '<' or 0xAC00 <= c < 0xD7A4]
        marks = [chr(c) for c in points if u.combining(chr(c))]
        texts = composed + [u.normalize('NFD', c) for c in composed]
        r = random.Random(7)
        pool = composed + [chr(c) for c in range(0x41, 0x7B)] + [chr(c) for c in range(0x1100, 0x1200)]
        for _ in range(3000):
            texts.append(u.normalize(r.choice(['NFC', 'NFD']), ''.join(r.choice(r.choice([pool, marks])) for _ in range(r.randint(1, 6)))))
        for t in texts:
            print(' '.join('%X' % ord(c) for c in t) + ';' + ' '.join('%X' % ord(c) for c in u.normalize('NFC', t)))
        """;

    [Fact]
    public async Task Normalize_OfAllThatDecomposes_IsWhatPythonSays()
    {
        Assert.SkipUnless(File.Exists(Python), "needs /usr/bin/python3");
        using var process = Process.Start(new ProcessStartInfo(Python, ["-c", Script]) { RedirectStandardOutput = true })!;
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);

        var cases = output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(';').Select(Text).ToArray())
            .ToArray();

        Assert.True(cases.Length > 20_000, $"only {cases.Length}");
        Assert.All(cases, pair => Assert.Equal(pair[1], NormalizationFormC.Normalize(pair[0])));
    }

    [Theory]
    [InlineData("Ka\u0308fer", "K\u00e4fer")]
    [InlineData("\u1112\u1161\u11ab", "\ud55c")]
    [InlineData("a\u0323\u0307", "\u1ea1\u0307")]
    [InlineData("a\u0307\u0323", "\u1ea1\u0307")]
    [InlineData("\u212b", "\u00c5")]
    [InlineData("\u0915\u093c", "\u0915\u093c")] // Excluded from composition.
    [InlineData("x\ud800y\u0301", "x\ud800\u00fd")]
    public void Normalize_OfTextWithMarks_ComposesIt(string text, string composed) =>
        Assert.Equal(composed, NormalizationFormC.Normalize(text));

    private static string Text(string points) =>
        string.Concat(
            points.Split(' ')
            .Select(point => char.ConvertFromUtf32(int.Parse(point, NumberStyles.HexNumber, CultureInfo.InvariantCulture))));
}

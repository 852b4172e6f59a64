using CnnService.Core.Common;
using CnnService.Core.Models.Import;

namespace CnnService.Core.Tests.Models.Import;

public sealed class ClassLabelsTests
{
    [Fact]
    public void Read_Lines_AreTheClassesInTheirOrder() =>
    Assert.Equal(["cats", "great danes", "Zürich"], Read("cats\r\n great danes\nZürich\n\n", out _, out _, notes: 0, errors: 0));

    [Fact]
    public void Read_LongAndRepeatedNames_AreCutAndNumberedAndTold()
    {
        var names = Read($"crane\n{new string('x', 101)}\ncrane\n{new string('x', 120)}", out var notes, out _, notes: 2, errors: 0);

        Assert.Equal(["crane", new string('x', 100), "crane (2)", new string('x', 96) + " (2)"], names);
        Assert.Equal(["2 class names had more than 100 characters and were cut.", "2 class names came again and got a number behind them."],
            notes);
    }

    [Fact]
    public void Read_CutWithinAPairOfSurrogates_LeavesBothOut() =>
        Assert.Equal([new string('x', 99)], Read(new string('x', 99) + "🐕🐕", out _, out _, notes: 1, errors: 0));

    [Theory]
    [InlineData("cats\n\ndogs")]
    [InlineData("cats\n\u0007\ndogs")]
    [InlineData("cats\n\u202Estac\ndogs")]
    public void Read_LineThatIsNoName_IsToldByItsNumber(string text)
    {
        Read(text, out _, out var errors, notes: 0, errors: 1);

        Assert.StartsWith("line 2 must be a class name", errors.ToDictionary()["labels"][0], StringComparison.Ordinal);
    }

    [Fact]
    public void Read_BinaryFile_TellsAFewLinesShortAndReadable()
    {
        var binary = string.Join('\n', Enumerable.Range(0, 300).Select(line => $"{line}" + new string('\u0001', 90) + '\uFFFD'));

        Read(binary, out _, out var errors, notes: 0, errors: 1);

        var told = errors.ToDictionary()["labels"];
        Assert.Equal(6, told.Count);
        Assert.Contains("\"0\\u0001\\u0001", told[0], StringComparison.Ordinal);
        Assert.StartsWith("295 more lines", told[5], StringComparison.Ordinal);
        Assert.All(told, rule => Assert.True(rule.Length < 180 && !rule.Any(char.IsControl), rule));
    }

    [Fact]
    public void Read_OneNameOnEveryLine_NumbersThemAll()
    {
        var names = Read(string.Concat(Enumerable.Repeat("a\n", 65_536)), out _, out _, notes: 1, errors: 0);

        Assert.Equal(65_536, names.Distinct().Count());
        Assert.Equal(("a", "a (2)", "a (65536)"), (names[0], names[1], names[^1]));
    }

    [Fact]
    public void Read_MoreLinesThanAClassifierHasUnits_IsRefusedAtOnce()
    {
        Read(new string('\n', 65_536) + "a", out _, out var found, notes: 0, errors: 1);

        Assert.Equal(["must name at most 65536 classes, one a line, received 65537 lines"], found.ToDictionary()["labels"]);
    }

    private static IReadOnlyList<string> Read(
        string text, out IReadOnlyList<string> told, out ValidationErrors found, int notes, int errors)
    {
        found = new ValidationErrors();
        (var names, told) = ClassLabels.Parse(text, found);
        Assert.Equal((notes, errors), (told.Count, found.ToDictionary().Count));
        return names;
    }
}

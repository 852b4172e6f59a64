using CnnService.Client;
using CnnService.Studio.Parts.Answers;

namespace CnnService.Studio.Tests.Parts.Answers;

public sealed class VerdictWordsTests
{
    [Theory]
    [InlineData(0.981f, "98.1 %", "sure")]
    [InlineData(0.8f, "80.0 %", "rather sure")]
    [InlineData(0.55f, "55.0 %", "not sure: cats is nearly as likely")]
    public void Of_Probability_SaysHowSure(float probability, string percent, string sure)
    {
        var words = VerdictWords.Of(Said(probability), null)!;

        Assert.Equal(("dogs", percent, sure), (words.Label, words.Percent, words.Sure));
    }

    [Fact]
    public void Of_UnknownImage_SaysSoWithItsFigures()
    {
        var said = Said(0.9f);
        (said.Label, said.Known, said.Familiarity) = (null, false, 0.031);

        var words = VerdictWords.Of(said, new() { Method = "features", Threshold = 0.42, KnownShare = 0.95 })!;

        Assert.Equal("dogs", words.Label); // The service gives no label with unknown=reject; the most probable class is told all the same.
        Assert.Equal("Perhaps none of these: it is unlike the images it was trained on. Familiarity 0.03, known from 0.42.", words.Known);
    }

    [Fact]
    public void Of_VersionThatCannotTell_SaysThat() =>
        Assert.Contains("cannot tell", VerdictWords.Of(Said(0.9f), null)!.Known, StringComparison.Ordinal);

    [Theory]
    [InlineData(new[] { "tame", "cat" }, "tame, cat", "2 of 3")]
    [InlineData(new string[0], "None of the classes", "0 of 3")]
    public void Of_AnImageWithAnyNumberOfLabels_NamesThem(string[] labels, string named, string count)
    {
        var said = new ClassifyResult
        {
            Top = [.. new[] { "tame", "cat", "dog" }.Select(name => new ScoredClass { Label = name, Probability = 0.5f })],
            Labels = [.. labels.Select(name => new ScoredClass { Label = name, Probability = 0.5f })],
        };

        var words = VerdictWords.Of(said, null)!;

        Assert.Equal((named, count, null), (words.Label, words.Percent, words.Known));
    }

    [Fact]
    public void Of_NoClasses_IsNothing() => Assert.Null(VerdictWords.Of(new(), null));

    private static ClassifyResult Said(float probability) => new()
    {
        Label = "dogs",
        Probability = probability,
        Top = [new() { Label = "dogs", Probability = probability }, new() { Label = "cats", Probability = 1 - probability }],
    };
}

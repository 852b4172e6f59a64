using System.Text;
using CnnService.Client;
using CnnService.Studio.Pages.Results;

namespace CnnService.Studio.Tests.Pages.Results;

public sealed class ResultsTests
{
    private static readonly Prediction[] Four =
    [
        new("1", "cats", "cats", 0.99), new("2", "cats", "dogs", 0.6), new("3", "dogs", "dogs", 0.8), new("4", "dogs", "cats", 0.95),
    ];

    [Theory]
    [InlineData(50, 100, 0.4038, 0.5962)] // Newcombe (1998) and every textbook.
    [InlineData(0, 10, 0, 0.2775)]
    [InlineData(10, 10, 0.7225, 1)]
    public void Wilson_OfAShare_IsTheTextbooks(int hits, int count, double low, double high)
    {
        var range = Interval.Wilson(hits, count);

        Assert.Equal(low, range.Low, 4);
        Assert.Equal(high, range.High, 4);
    }

    [Theory]
    [InlineData(0.9133, "91.3 %")]
    [InlineData(1, "100 %")]
    [InlineData(0.99996, "99.9 %")] // Not all, so not 100.
    public void Percent_OfAShare_IsNeverRoundedUpToAll(double share, string text) => Assert.Equal(text, AccuracyWords.Percent(share));

    [Fact]
    public void Of_Evaluation_ComparesWithGuessing()
    {
        var words = AccuracyWords.Of(Some.Evaluation(Split.Validation));

        Assert.Equal("60 of 80 validation images are right.", words[0]);
        Assert.Equal("Whoever always says “dogs” is right in 62.5 % of them.", words[1]);
        Assert.Equal(3, words.Count);
    }

    [Fact]
    public void Of_EvaluationOnTrainingImages_SaysThatItFlatters() =>
        Assert.Contains("flatters", AccuracyWords.Of(Some.Evaluation(Split.Train))[^1], StringComparison.Ordinal);

    [Fact]
    public void Of_Threshold_CountsWhatItLeavesOut()
    {
        var effect = ThresholdEffect.Of(Four, 0.7);

        Assert.Equal(new ThresholdEffect(3, 2, 1, 1), effect);
        Assert.Equal(2 / 3.0, effect.Accuracy!.Value, 9);
    }

    [Fact]
    public void Of_ThresholdOfAClass_CountsWhereItIsPredicted() =>
        Assert.Equal(new ThresholdEffect(1, 1, 1, 1), ThresholdEffect.Of(Four, 0.97, "cats"));

    [Fact]
    public void Find_Accuracy_IsTheSmallestThreshold() => Assert.Equal(0.96, ThresholdEffect.Find(Four, 1)!.Value, 9);

    [Fact]
    public void Find_AccuracyThatNoneReaches_IsNone() => Assert.Null(ThresholdEffect.Find([new("1", "a", "b", 0.999)], 0.5));

    [Fact]
    public void Read_Csv_KeepsQuotedNamesAndTakesTheGuardOff()
    {
        const string File = "\uFEFFid,file,split,trueClass,predicted,probability,correct,p_a\r\n"
            + "7f,\"a \"\"b\"\", c.jpg\",validation,\"cats, small\",dogs,0.75,false,0.1\r\n"
            + "80,x.jpg,validation,'=cats,'=cats,1,true,1\n"
            + "81,y.jpg,validation,,dogs,0.5,,0.5\n";

        Assert.Equal(
            [new("7f", "cats, small", "dogs", 0.75), new Prediction("80", "=cats", "=cats", 1)],
            PredictionTable.Read(Encoding.UTF8.GetBytes(File)));
    }

    [Fact]
    public void Read_CsvWithoutAColumn_IsRefused() =>
        Assert.Throws<FormatException>(() => PredictionTable.Read("id,file\n1,a.jpg\n"u8.ToArray()));

    [Fact]
    public void Of_Run_IsItsRequestForTheDataSetAsItIsNow()
    {
        var run = Some.Run("""{"dataset":"pets:1","recipe":"quick","epochs":null}""");

        Assert.Equal("""{"dataset":"pets","recipe":"quick","model":"pets"}""", SameAgain.Of(run).GetRawText());
    }
}

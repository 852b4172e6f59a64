using System.Text.Json;
using CnnService.Core.Architecture;
using CnnService.Core.Common;
using CnnService.Core.Interpretation.Layers;
using CnnService.Core.Models;
using CnnService.Core.Models.Import;

namespace CnnService.Core.Tests.Models;

public sealed class MeanImageTests
{
    private static readonly float[] Values = [.. Enumerable.Range(0, 3 * 2 * 4).Select(i => 90 + (1.5f * i))];

    private static readonly InputSpec Input = new(2, 4, 3);

    [Fact]
    public void Json_OfAPreprocessing_KeepsEveryValue()
    {
        var written = Centred();

        var read = Preprocessing.FromMetadata(written.ToMetadata(), Input)!;

        Assert.Equal(Values, read.MeanImage!.Values.ToArray());
        Assert.Equal((2, 4, written.MeanImage!.Sha256), (read.MeanImage.Height, read.MeanImage.Width, read.MeanImage.Sha256));
    }

    [Fact]
    public void Describe_LeavesTheValuesOut()
    {
        var json = JsonSerializer.Serialize(Centred().Describe(), CoreJson.Options);

        Assert.DoesNotContain("planes", json, StringComparison.Ordinal);
        Assert.Contains(Centred().MeanImage!.Sha256, json, StringComparison.Ordinal);
    }

    [Fact]
    public void FromMetadata_OfAnotherSizeOrADamagedImage_IsIgnored()
    {
        Assert.Null(Preprocessing.FromMetadata(Centred().ToMetadata(), new(4, 2, 3)));
        var changed = Centred() with { MeanImage = MeanImage.Create(Values, 2, 4) with { Sha256 = new string('0', 64) } };
        Assert.Null(Preprocessing.FromMetadata(changed.ToMetadata(), Input));
        var endless = Centred() with { MeanImage = MeanImage.Create([.. Values.Skip(1), float.NaN], 2, 4) };
        Assert.Null(Preprocessing.FromMetadata(endless.ToMetadata(), Input));
        Assert.Null(Preprocessing.FromMetadata(Centred().ToMetadata()[1..], Input));
    }

    [Fact]
    public void ToPlanes_SubtractsEachPixelsOwnMean()
    {
        float[] image = [.. Enumerable.Range(0, 24).Select(i => i / 24f)];
        var planes = new float[24];

        new ImageSpace(Input, Centred()).ToPlanes(image, planes);

        for (var plane = 0; plane < 3; plane++)
        {
            for (var place = 0; place < 8; place++)
            {
                var level = image[(place * 3) + 2 - plane] * 255.0;
                Assert.Equal((level - Values[(plane * 8) + place]) / (plane + 1), planes[(plane * 8) + place], 1e-4);
            }
        }
    }

    [Fact]
    public void PreprocessingChoice_OfAVersionsOwnJson_KeepsTheImage()
    {
        var errors = new ValidationErrors();

        var made = PreprocessingChoice.Parse(Centred().ToMetadata(), errors)?.Create(3, errors);

        Assert.False(errors.Any, Some.Text(errors));
        Assert.Equal(Values, made!.MeanImage!.Values.ToArray());
        Assert.Null(PreprocessingChoice.Parse(Centred().Describe().ToMetadata(), errors));
        Assert.True(errors.IsBroken("preprocessing.meanImage"), Some.Text(errors));
    }

    /// <summary>Blue first, deviations 1, 2, 3.</summary>
    private static Preprocessing Centred() => new()
    {
        Normalization = NormalizationKind.Custom,
        Scale = 1,
        Mean = [95.25, 107.25, 119.25],
        Std = [1, 2, 3],
        ChannelOrder = ChannelOrder.Bgr,
        MeanImage = MeanImage.Create(Values, 2, 4),
    };

    /// <summary>Subtracting a second image is the same as normalizing and subtracting it afterwards.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Subtract_IsWhatASubtractionAfterwardsGives(bool hasOwn)
    {
        var own = MeanImage.Create([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], 2, 2);
        var before = new Preprocessing
        {
            Normalization = NormalizationKind.Custom,
            Scale = 0.5,
            Mean = [10, 20, 30],
            Std = [2, 4, 5],
            MeanImage = hasOwn ? own : null,
        };
        float[] subtracted = [3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8];

        var after = before.Subtract(MeanImage.Create(subtracted, 2, 2));

        for (var i = 0; i < subtracted.Length; i++)
        {
            var value = (200 * 0.5) - (hasOwn ? i + 1 : before.Mean[i / 4]);
            var expected = (value / before.Std[i / 4]) - subtracted[i];
            Assert.Equal(expected, ((200 * 0.5) - after.MeanImage!.Values[i]) / after.Std[i / 4], 1e-4);
        }

        Assert.True(after.IsValidFor(3));
        Assert.Equal(after.MeanImage!.Values[..4].ToArray().Average(), after.Mean[0], 1e-4);
    }
}

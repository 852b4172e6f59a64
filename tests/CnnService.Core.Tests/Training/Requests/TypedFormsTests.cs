using System.Text.Json;
using CnnService.Core.Architecture;
using CnnService.Core.Architecture.Presets;
using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Training.Requests;
using CnnService.Core.Training.Sweeps;

namespace CnnService.Core.Tests.Training.Requests;

/// <summary>What has a short form has one with a single type too, which is the one that is described and written.</summary>
public sealed class TypedFormsTests
{
    [Fact]
    public void Preset_IsReadByNameAndAsObject()
    {
        Assert.Equal("lenet5", Read("\"lenet5\"", ArchitectureChoice.Read)!.Preset!.Name);
        Assert.Equal("lenet5", Read("""{"preset":"lenet5"}""", ArchitectureChoice.Read)!.Preset!.Name);
    }

    [Theory]
    [InlineData("""{"preset":"lenet6"}""", "preset")]
    [InlineData("""{"preset":7}""", "preset")]
    [InlineData("""{"preset":"lenet5","layers":[]}""", "layers")]
    public void Preset_WrongOrBesideLayers_IsRefused(string json, string path) => Refused(json, path, ArchitectureChoice.Read);

    [Fact]
    public void Augmentation_FieldsReplaceThoseOfThePreset()
    {
        Assert.Equal(AugmentationSpec.Strong, Read("""{"preset":"strong"}""", AugmentationSpec.Read));
        Assert.Equal(
            AugmentationSpec.Article with { Rotation = 10, Fill = FillMode.Zeros },
            Read("""{"rotation":10,"preset":"article","fill":"zeros"}""", AugmentationSpec.Read));
    }

    [Theory]
    [InlineData("""{"preset":"weak"}""", "preset")]
    [InlineData("""{"preset":"article","rotation":181}""", "rotation")]
    [InlineData("""{"preset":"article","tilt":1}""", "tilt")]
    public void Augmentation_WrongField_IsRefused(string json, string path) => Refused(json, path, AugmentationSpec.Read);

    [Fact]
    public void ClassWeights_AreReadAsModeAndAsWeights()
    {
        Assert.True(Read("""{"mode":"balanced"}""", ClassWeighting.Read)!.IsBalanced);
        Assert.False(Read("""{"mode":"none"}""", ClassWeighting.Read)!.IsBalanced);
        Assert.False(Read("""{"weights":{"cat":2}}""", ClassWeighting.Read)!.IsBalanced);
        Assert.False(Read("""{"cat":2}""", ClassWeighting.Read)!.IsBalanced);
    }

    [Fact]
    public void ClassWeights_OfClassesNamedAsTheFields_AreWeights() =>
        Assert.False(Read("""{"mode":3,"weights":2}""", ClassWeighting.Read)!.IsBalanced);

    [Theory]
    [InlineData("""{"mode":"fair"}""", "mode")]
    [InlineData("""{"weights":{"cat":0}}""", "weights.cat")]
    [InlineData("""{"mode":0,"weights":2}""", "mode")]
    [InlineData("""{"mode":"balanced","weights":{"cat":2}}""", "weights")]
    public void ClassWeights_WrongField_IsRefused(string json, string path) => Refused(json, path, ClassWeighting.Read);

    [Theory]
    [InlineData("\"1\"", 1, 1, 1, 1)]
    [InlineData("\"1,2\"", 1, 2, 1, 2)]
    [InlineData("\"0,1,2,3\"", 0, 1, 2, 3)]
    [InlineData("1", 1, 1, 1, 1)]
    [InlineData("[1,2]", 1, 2, 1, 2)]
    [InlineData("[0,1,2,3]", 0, 1, 2, 3)]
    public void Padding_IsReadAndWrittenAsText(string json, int top, int left, int bottom, int right)
    {
        var padding = JsonSerializer.Deserialize<Padding2>(json, CoreJson.Options);
        Assert.Equal(Padding2.Explicit(top, left, bottom, right), padding);
        Assert.Equal($"\"{top},{left},{bottom},{right}\"", JsonSerializer.Serialize(padding, CoreJson.Options));
    }

    [Theory]
    [InlineData("\"\"")]
    [InlineData("\"1,2,3\"")]
    [InlineData("\"1,,2\"")]
    [InlineData("\"1;2\"")]
    [InlineData("\"99999999999\"")]
    [InlineData("[1]")]
    public void Padding_OtherText_IsRefused(string json) =>
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<Padding2>(json, CoreJson.Options));

    [Fact]
    public void Units_ThatFollowTheClasses_AreLeftOut()
    {
        var follows = JsonSerializer.SerializeToElement<LayerSpec>(new DenseLayer { Name = "output" }, CoreJson.Options);
        Assert.False(follows.TryGetProperty("units", out _));
        Assert.True(((DenseLayer)follows.Deserialize<LayerSpec>(CoreJson.Options)!).Units.FollowsClasses);
        var wide = JsonSerializer.SerializeToElement<LayerSpec>(new DenseLayer { Name = "wide", Units = 64 }, CoreJson.Options);
        Assert.Equal(64, wide.GetProperty("units").GetInt32());
    }

    [Fact]
    public void SweptValues_AreReadAsListAndAsObject()
    {
        SweepDraft[] drafts =
        [
            Sweep("""{"seed":[5],"batchSize":[8,16]}"""), Sweep("""{"seed":{"values":[5]},"batchSize":{"values":[8,16]}}"""),
        ];
        Assert.All(drafts, draft => Assert.Equal(2, draft.Fields.Count));
        Assert.Equal(
            drafts[0].Trials.Select(trial => trial.Select(value => value.Value.GetRawText())),
            drafts[1].Trials.Select(trial => trial.Select(value => value.Value.GetRawText())));
    }

    [Fact]
    public void SweptValues_BesideARange_AreRefused()
    {
        var errors = new ValidationErrors();
        SweepReader.Read(Body("""{"seed":{"values":[5],"from":1}}"""), new(256, 64), errors);
        Assert.Equal(["random.fields.seed.from"], errors.ToDictionary().Keys);
    }

    private static SweepDraft Sweep(string fields)
    {
        var errors = new ValidationErrors();
        var draft = SweepReader.Read(Body(fields), new(256, 64), errors);
        Assert.False(errors.Any, string.Join("; ", errors.ToDictionary().Select(error => $"{error.Key} {error.Value[0]}")));
        return draft!;
    }

    private static JsonElement Body(string fields) => JsonSerializer.Deserialize<JsonElement>(
        $$$"""{"base":{"dataset":"d"},"random":{"trials":3,"fields":{{{fields}}}}}""");

    private static T? Read<T>(string json, Func<JsonElement, ValidationErrors, T?> read)
        where T : class
    {
        var errors = new ValidationErrors();
        var value = read(JsonSerializer.Deserialize<JsonElement>(json), errors);
        Assert.False(errors.Any, string.Join("; ", errors.ToDictionary().Select(error => $"{error.Key} {error.Value[0]}")));
        return value;
    }

    private static void Refused<T>(string json, string path, Func<JsonElement, ValidationErrors, T?> read)
        where T : class
    {
        var errors = new ValidationErrors();
        Assert.Null(read(JsonSerializer.Deserialize<JsonElement>(json), errors));
        Assert.Equal([path], errors.ToDictionary().Keys);
    }
}

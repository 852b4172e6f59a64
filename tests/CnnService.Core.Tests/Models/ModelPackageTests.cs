using System.Security.Cryptography;
using System.Text.Json;
using CnnService.Core.Common;
using CnnService.Core.Models;

namespace CnnService.Core.Tests.Models;

public sealed class ModelPackageTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly NamedWeights _weights = new();
    private readonly byte[] _onnx = [1, 2, 3, 4, 5];

    public ModelPackageTests() => _weights.Add("dense_1.weight", new([1, 192], new float[192]));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Verify_WhatWriteWrote_IsTheSameManifest()
    {
        var written = Write();

        var read = ModelPackage.Verify(Package).Value;

        Assert.Equal(["model.onnx", "weights.safetensors"], read.Files.Select(file => file.Name));
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(_onnx)), read.Files[0].Sha256);
        Assert.Equal(_onnx.Length, read.Files[0].Bytes);
        Assert.Equal(written.Classes, read.Classes);
        Assert.Equal(
            JsonSerializer.Serialize(written.Network, CoreJson.Indented),
            JsonSerializer.Serialize(read.Network, CoreJson.Indented));
        Assert.Equal(written.CreatedAt, read.CreatedAt);
        Assert.Equal(written.Metrics, read.Metrics);
    }

    [Fact]
    public void Verify_ImportReport_IsReadAsItWasWritten()
    {
        var weights = new WeightImportReport(
            WeightConvention.Keras, "vgg16",
            [new("a.weight", "a/kernel", MatchKind.PublishedName, LayoutChanges.Transposed | LayoutChanges.FlattenOrder)],
            [new("b.bias", [3])], [new("x", [2], "no layer")], []);
        var report = new ModelImportReport("safetensors", 2, 2, weights, ["a note"])
        {
            Unsupported = [new("n", "Ceil", "unknown")],
            AgainstFile = new(8, 0.5, 1) { On = ParityImages.Generated, Reference = ParityReference.ImportedFile },
        };

        ModelPackage.Write(Package, Manifest() with { Import = report }, _onnx, _weights);

        var read = ModelPackage.Verify(Package).Value.Import!;
        Assert.Equal(JsonSerializer.Serialize(report, CoreJson.Options), JsonSerializer.Serialize(read, CoreJson.Options));
        Assert.Equal((LayoutChanges.Transposed | LayoutChanges.FlattenOrder, true), (read.Weights!.Filled[0].Change, read.GraphOnly));
    }

    [Fact]
    public void Verify_ManifestOfAnEarlierService_LacksWhatWasNotKept()
    {
        ModelPackage.Write(Package, Manifest() with { Parity = new(4, 0, 1) }, _onnx, _weights);

        var text = File.ReadAllText(Path.Combine(Package, "manifest.json"));
        var read = ModelPackage.Verify(Package).Value;
        Assert.DoesNotContain("import", text, StringComparison.Ordinal);
        Assert.DoesNotContain("reference", text, StringComparison.Ordinal);
        Assert.Equal((null, null, null), (read.Import, read.Parity!.On, read.Parity.Reference));
    }

    [Fact]
    public void Shortened_ManyUnusedTensors_TellsTheFirstAndHowManyThereWere()
    {
        var unused = Enumerable.Range(0, 1234).Select(number => new UnusedTensor($"x{number}", [1], "no layer")).ToArray();
        var report = new ModelImportReport("safetensors", 2, 2, new(WeightConvention.PyTorch, null, [], [], unused, []), []);

        var shortened = report.Truncated();

        Assert.Equal(ModelImportReport.MaxUnused, shortened.Weights!.Unused.Count);
        Assert.Contains("1234 tensors", Assert.Single(shortened.Notes), StringComparison.Ordinal);
        Assert.Same(shortened, shortened.Truncated());
    }

    [Fact]
    public void Write_SameContent_GivesTheSameBytes()
    {
        Write();
        var first = Directory.GetFiles(Package).Order().Select(File.ReadAllBytes).ToList();
        Write();

        Assert.Equal(first, Directory.GetFiles(Package).Order().Select(File.ReadAllBytes));
        Assert.Equal(3, first.Count);
    }

    [Fact]
    public void Write_ThatFailsHalfWay_LeavesNoManifest()
    {
        Write();
        Directory.CreateDirectory(Path.Combine(Package, "weights.safetensors.tmp-0"));

        Assert.ThrowsAny<Exception>(Write);

        Assert.False(File.Exists(Path.Combine(Package, "manifest.json")));
        Assert.Equal("model.corrupt", ModelPackage.Open(Package).Problem?.Code);
    }

    [Fact]
    public void Load_SoundPackage_ResolvesItsNetwork()
    {
        Write();

        var model = ModelPackage.Load("shapes", 3, Package).Value;

        Assert.Equal(("shapes", 3, 1), (model.Name, model.Version, model.Network.Outputs));
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(model.WeightsPath))), model.WeightsHash);
        Assert.Equal(_onnx, File.ReadAllBytes(model.OnnxPath));
    }

    [Theory]
    [InlineData("model.onnx")]
    [InlineData("weights.safetensors")]
    public void Verify_OneBitFlipped_IsCorruptThoughOpenPasses(string name)
    {
        Write();
        var path = Path.Combine(Package, name);
        var bytes = File.ReadAllBytes(path);
        bytes[^1] ^= 1;
        File.WriteAllBytes(path, bytes);

        Assert.True(ModelPackage.Open(Package).Succeeded);
        AssertCorrupt($"'{name}'");
    }

    [Theory]
    [InlineData("model.onnx")]
    [InlineData("weights.safetensors")]
    public void Open_OtherLength_IsCorrupt(string name)
    {
        Write();
        File.AppendAllText(Path.Combine(Package, name), "x");

        Assert.Equal("model.corrupt", ModelPackage.Open(Package).Problem?.Code);
        AssertCorrupt($"'{name}' must be");
    }

    [Theory]
    [InlineData("model.onnx")]
    [InlineData("weights.safetensors")]
    [InlineData("manifest.json")]
    public void Verify_MissingFile_IsCorruptAndNamesItWithoutItsFolder(string name)
    {
        Write();
        File.Delete(Path.Combine(Package, name));

        AssertCorrupt($"'{name}' is missing");
        Assert.DoesNotContain(_folder.Root, ModelPackage.Verify(Package).Problem!.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Verify_MissingFolder_IsCorrupt() => AssertCorrupt("cannot be read");

    [Theory]
    [InlineData("\"format\": 1", "\"format\": 2", "format 2")]
    [InlineData("\"model.onnx\"", "\"../model.onnx\"", "plain names")]
    [InlineData("\"model.onnx\"", "\"\"", "plain names")]
    [InlineData("\"model.onnx\"", "null", "does not read")]
    [InlineData("\"weights.safetensors\"", "\"model.onnx\"", "plain names")]
    [InlineData("\"format\": 1", "\"extra\": 1", "does not read")]
    [InlineData("\"format\": 1", "\"format\": 1, \"format\": 1", "does not read")]
    [InlineData("\"cats\",", "", "at least 2 classes")]
    [InlineData("{", "", "does not read")]
    public void Verify_ManifestTamperedWith_IsCorrupt(string what, string by, string part)
    {
        Write();
        var path = Path.Combine(Package, "manifest.json");
        var text = File.ReadAllText(path);
        Assert.Contains(what, text, StringComparison.Ordinal);
        var at = text.IndexOf(what, StringComparison.Ordinal);
        File.WriteAllText(path, text[..at] + by + text[(at + what.Length)..]);

        AssertCorrupt(part);
    }

    [Fact]
    public void Verify_HalfAManifest_IsCorrupt()
    {
        Write();
        var path = Path.Combine(Package, "manifest.json");
        File.WriteAllText(path, File.ReadAllText(path)[..200]);

        AssertCorrupt("does not read");
    }

    [Fact]
    public void Load_NetworkThatBreaksRules_IsCorrupt()
    {
        ModelPackage.Write(Package, Manifest() with { Network = new(Some.Image, []) }, _onnx, _weights);

        Assert.Equal("model.corrupt", ModelPackage.Load("a", 1, Package).Problem?.Code);
    }

    private string Package => _folder["package"];

    private ModelManifest Write() => ModelPackage.Write(Package, Manifest(), _onnx, _weights);

    private void AssertCorrupt(string part)
    {
        var problem = ModelPackage.Verify(Package).Problem;
        Assert.Equal("model.corrupt", problem?.Code);
        Assert.Contains(part, problem!.Detail, StringComparison.Ordinal);
    }

    private static ModelManifest Manifest() => new()
    {
        Classes = ["cats", "dogs"],
        Network = Some.Headed(Some.Image),
        Architecture = "custom",
        Preprocessing = Preprocessing.Create(NormalizationKind.Rescale, 3, [0, 0, 0], [1, 1, 1]),
        Metrics = new(0.5, 0.75, null, null),
        Files = [],
        CreatedAt = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero),
    };
}

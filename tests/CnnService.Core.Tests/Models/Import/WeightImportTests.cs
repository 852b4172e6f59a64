using CnnService.Core.Architecture;
using CnnService.Core.Models;
using CnnService.Core.Models.Import;

namespace CnnService.Core.Tests.Models.Import;

public sealed class WeightImportTests
{
    private readonly ResolvedNetwork _network = Some.Network(
        new Conv2dLayer { Name = "first", Filters = 4, UseBias = false },
        new BatchNormalizationLayer { Name = "norm" },
        new Conv2dLayer { Name = "second", Filters = 4, Padding = Padding2.Same },
        new GlobalAveragePooling2dLayer { Name = "pool" },
        new DenseLayer { Name = "output" });

    [Fact]
    public void Map_OwnNames_TakesAllAsItIs()
    {
        var file = SomeWeights.Of(_network);

        var imported = SomeWeights.Import(file, _network);

        SomeWeights.AssertEqual(file, imported.Weights);
        Assert.Equal(WeightConvention.Own, imported.Report.Convention);
        Assert.True(imported.Report.IsComplete);
        Assert.Equal(file.Names.Select(name => new FilledTensor(name, name, MatchKind.Name, LayoutChanges.None)), imported.Report.Filled);
    }

    [Fact]
    public void Map_PartOfTheFile_ReportsWhatIsMissingAndWhatIsUnused()
    {
        var file = SomeWeights.File(
            ("second.weight", SomeWeights.Tensor(1, 4, 4, 3, 3)),
            ("first.bias", SomeWeights.Tensor(2, 4)),
            ("pool.weight", SomeWeights.Tensor(3, 4)),
            ("norm.num_batches_tracked", SomeWeights.Tensor(4)),
            ("anchor", SomeWeights.Tensor(5, 2, 2)));

        var report = SomeWeights.Import(file, _network).Report;

        Assert.Equal(["second.weight"], report.Filled.Select(tensor => tensor.Name));
        Assert.Equal(
            ["first.weight", "norm.weight", "norm.bias", "norm.running_mean", "norm.running_var", "second.bias", "output.weight",
                "output.bias"],
            report.Missing.Select(tensor => tensor.Name));
        Assert.Equal([4, 3, 3, 3], report.Missing[0].Shape);
        Assert.Equal(
            [
                ("first.bias", "the layer 'first' has no bias"),
                ("pool.weight", "no layer goes by this name, and none could be told by order"),
                ("norm.num_batches_tracked", "counts batches, which matters to nothing here"),
                ("anchor", "is nothing that a network here needs"),
            ],
            report.Unused.Select(tensor => (tensor.Name, tensor.Reason)));
        Assert.False(report.IsComplete);
    }

    [Fact]
    public void Map_AnotherShape_IsNamedWithBothShapes()
    {
        var file = SomeWeights.File(("output/kernel:0", SomeWeights.Tensor(1, 4, 10)), ("output/bias:0", SomeWeights.Tensor(2, 10)));

        var report = SomeWeights.Import(file, _network).Report;

        Assert.Empty(report.Filled);
        Assert.Equal(
            [("output.weight", "1x4", "output/kernel:0", "10x4"), ("output.bias", "1", "output/bias:0", "10")],
            report.Mismatches.Select(
                found => (found.Name, string.Join('x', found.Shape), found.Source, string.Join('x', found.SourceShape))));
        Assert.Equal("has another shape than 'output.weight': [10, 4], needed is [1, 4]", report.Unused[0].Reason);
        Assert.Contains(report.Missing, tensor => tensor.Name == "output.weight");
    }

    [Fact]
    public void Map_Initializer_MakesWhatTheFileLacksAndNothingElse()
    {
        var file = SomeWeights.File(("second.weight", SomeWeights.Tensor(1, 4, 4, 3, 3)), ("second.bias", SomeWeights.Tensor(2, 4)));
        var made = new List<string>();

        var imported = WeightImport.Map(new(file, _network)
        {
            Initialize = tensor =>
            {
                made.Add(tensor.Name);
                return SomeWeights.Tensor(9, [.. tensor.Shape]);
            },
        }).Value;

        Assert.Equal(NetworkTensor.List(_network).Select(tensor => tensor.Name), imported.Weights.Names);
        Assert.Equal(imported.Report.Missing.Select(tensor => tensor.Name), made);
        Assert.Equal(8 - 1, made.Count);
    }

    [Fact]
    public void Map_InitializerOfAnotherShape_BreaksItsContract() => Assert.Throws<ArgumentException>(() =>
        WeightImport.Map(new(new(), _network) { Initialize = _ => SomeWeights.Tensor(1, 1, 1) }));

    [Fact]
    public void Map_NormalizationWithoutFactorAndShift_HasOnesAndZeros()
    {
        var file = SomeWeights.File(("norm.running_mean", SomeWeights.Tensor(1, 4)), ("norm.running_var", SomeWeights.Tensor(2, 4)));

        var imported = SomeWeights.Import(file, _network);

        Assert.Equal([1, 1, 1, 1], imported.Weights["norm.weight"].Data);
        Assert.Equal([0, 0, 0, 0], imported.Weights["norm.bias"].Data);
        Assert.Equal(2, imported.Report.Filled.Count(tensor => tensor is { Match: MatchKind.Constant, Source: null }));
    }

    [Fact]
    public void Map_NormalizationNotInTheFile_IsMissing()
    {
        var imported = SomeWeights.Import(SomeWeights.File(("second.bias", SomeWeights.Tensor(1, 4))), _network);

        Assert.Equal(4, imported.Report.Missing.Count(tensor => tensor.Name.StartsWith("norm.", StringComparison.Ordinal)));
    }

    [Fact]
    public void Map_OtherNamesInTheAlphabetsOrder_GoByOrderOfTheirNumbers()
    {
        var layers = Enumerable.Range(1, 12).Select(i => new Conv2dLayer
        {
            Name = $"c{i}",
            Filters = 3,
            Padding = Padding2.Same,
            UseBias = false,
        });
        var network = Some.Network([.. layers, new GlobalAveragePooling2dLayer { Name = "pool" }, new DenseLayer { Name = "output" }]);
        var file = SomeWeights.File(Enumerable.Range(0, 12)
            .Select(i => ($"net.{i}.weight", SomeWeights.Tensor((ulong)i, 3, 3, 3, 3)))
            .OrderBy(pair => pair.Item1, StringComparer.Ordinal));

        var imported = SomeWeights.Import(file, network);

        Assert.Equal(
            Enumerable.Range(0, 12).Select(i => ($"c{i + 1}.weight", (string?)$"net.{i}.weight", MatchKind.Order)),
            imported.Report.Filled.Select(tensor => (tensor.Name, tensor.Source, tensor.Match)));
    }

    [Fact]
    public void Map_OtherNamesInNoAlphabetsOrder_GoByTheOrderOfTheFile()
    {
        var network = Some.Network(
            new Conv2dLayer { Name = "a", Filters = 3, UseBias = false },
            new Conv2dLayer { Name = "b", Filters = 3, UseBias = false },
            new GlobalAveragePooling2dLayer { Name = "pool" },
            new DenseLayer { Name = "output" });

        var imported = SomeWeights.Import(
            SomeWeights.File(("stem.weight", SomeWeights.Tensor(1, 3, 3, 3, 3)), ("body.weight", SomeWeights.Tensor(2, 3, 3, 3, 3))),
            network);

        Assert.Equal(["stem.weight", "body.weight"], imported.Report.Filled.Select(tensor => tensor.Source));
    }

    [Fact]
    public void Map_NamesSortedWithinEachType_GoByOrderOfTheirNumbers()
    {
        var layers = Enumerable.Range(1, 12).SelectMany(i => new LayerSpec[]
        {
            new Conv2dLayer { Name = $"c{i}", Filters = 3, Padding = Padding2.Same, UseBias = false },
            new BatchNormalizationLayer { Name = $"n{i}" },
        });
        var network = Some.Network([.. layers, new GlobalAveragePooling2dLayer { Name = "pool" }, new DenseLayer { Name = "output" }]);
        var norms = Enumerable.Range(0, 12).SelectMany(i => new[] { "weight", "bias", "running_mean", "running_var" }
            .Select((part, j) => ($"net.{i}.norm.{part}", SomeWeights.Tensor((ulong)((20 * i) + j), 3))));
        var convolutions = Enumerable.Range(0, 12).Select(i => ($"net.{i}.conv.weight", SomeWeights.Tensor((ulong)(300 + i), 3, 3, 3, 3)));
        var wide = norms.OrderBy(pair => pair.Item1, StringComparer.Ordinal).ToArray();
        var narrow = convolutions.OrderBy(pair => pair.Item1, StringComparer.Ordinal).ToArray();

        var imported = WeightImport.Map(new(SomeWeights.File(wide.Concat(narrow)), network)
        {
            Types = wide.Select(pair => (pair.Item1, "F32")).Concat(narrow.Select(pair => (pair.Item1, "F16")))
                .ToDictionary(pair => pair.Item1, pair => pair.Item2),
        }).Value;

        Assert.All(Enumerable.Range(0, 12), i =>
        {
            Assert.Equal(SomeWeights.Tensor((ulong)(300 + i), 3, 3, 3, 3).Data, imported.Weights[$"c{i + 1}.weight"].Data);
            Assert.Equal(SomeWeights.Tensor((ulong)(20 * i), 3).Data, imported.Weights[$"n{i + 1}.weight"].Data);
        });
    }

    [Fact]
    public void Map_SortedNamesThatDifferInMoreThanNumbers_AreNotGuessed()
    {
        var network = Some.Network(
            new Conv2dLayer { Name = "a", Filters = 3, UseBias = false },
            new Conv2dLayer { Name = "b", Filters = 3, UseBias = false },
            new GlobalAveragePooling2dLayer { Name = "pool" },
            new DenseLayer { Name = "output" });
        var file = SomeWeights.File(
            ("body.weight", SomeWeights.Tensor(2, 3, 3, 3, 3)), ("stem.weight", SomeWeights.Tensor(1, 3, 3, 3, 3)));

        var problem = WeightImport.Map(new(file, network)).Problem!;

        Assert.Equal("weights.ambiguous", problem.Code);
        Assert.Contains("'body', 'stem'", problem.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Map_AnotherNumberOfLayersOfAShape_IsNotGuessed()
    {
        var imported = SomeWeights.Import(
            SomeWeights.File(("x.weight", SomeWeights.Tensor(1, 4, 4, 3, 3)), ("y.weight", SomeWeights.Tensor(2, 4, 4, 3, 3))), _network);

        Assert.Empty(imported.Report.Filled);
        Assert.Equal(2, imported.Report.Unused.Count);
    }

    [Fact]
    public void Map_OneOfAShapeKnownByName_LeavesTheOthersAlone()
    {
        var network = Some.Network(
            new Conv2dLayer { Name = "a", Filters = 3, UseBias = false },
            new Conv2dLayer { Name = "b", Filters = 3, UseBias = false },
            new GlobalAveragePooling2dLayer { Name = "pool" },
            new DenseLayer { Name = "output" });
        var file = SomeWeights.File(("a.weight", SomeWeights.Tensor(1, 3, 3, 3, 3)), ("z.weight", SomeWeights.Tensor(2, 3, 3, 3, 3)));

        var imported = SomeWeights.Import(file, network, WeightConvention.PyTorch);

        Assert.Equal(["a.weight"], imported.Weights.Names);
        Assert.Equal(["z.weight"], imported.Report.Unused.Select(tensor => tensor.Name));
    }

    [Fact]
    public void Map_NormalizationAndVectorOfTheSameLength_AreNotMixedUp()
    {
        var imported = SomeWeights.Import(SomeWeights.File(("slope.weight", SomeWeights.Tensor(1, 4))), _network);

        Assert.Empty(imported.Report.Filled);
    }

    [Fact]
    public void Map_ConventionGiven_WinsOverTheNames()
    {
        var square = SomeWeights.Tensor(1, 3, 3);
        var network = Some.Network(
            new GlobalAveragePooling2dLayer { Name = "pool" }, new DenseLayer
            {
                Name = "hidden",
                Units = 3,
            }, new DenseLayer { Name = "output" });

        var imported = SomeWeights.Import(SomeWeights.File(("hidden.weight", square)), network, WeightConvention.Keras);

        Assert.Equal(NaiveKeras.Dense(square).Data, imported.Weights["hidden.weight"].Data);
    }

    [Fact]
    public void Map_SameTensorUnderTwoNames_IsAmbiguous()
    {
        var file = SomeWeights.File(("module.output.bias", SomeWeights.Tensor(1, 1)), ("model.output.bias", SomeWeights.Tensor(2, 1)));

        var problem = WeightImport.Map(new(file, _network)).Problem;

        Assert.Equal("weights.ambiguous", problem?.Code);
        Assert.Contains("'module.output.bias' and 'model.output.bias' both stand for one of 'output'", problem!.Detail,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    public void Map_NeededTensorNotFinite_IsRefusedByName(float value)
    {
        var file = SomeWeights.File(("second.bias", new([4], [1, 2, value, 4])));

        var problem = WeightImport.Map(new(file, _network)).Problem;

        Assert.Equal("weights.not-finite", problem?.Code);
        Assert.Contains("'second.bias'", problem!.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Map_LargestNumbersAndOthersNotFinite_AreFine()
    {
        var file = SomeWeights.File(("second.bias", new([4], [float.MaxValue, float.MinValue, 0, -0f])),
            ("ema.bias", new([1], [float.NaN])));

        Assert.Equal(["second.bias"], WeightImport.Map(new(file, _network)).Value.Weights.Names);
    }

    [Fact]
    public void Map_NeededTensorOfWholeNumbers_IsRefusedByNameAndType()
    {
        var problem = WeightImport.Map(
            new(new(), _network) { Unread = new Dictionary<string, string> { ["second.weight"] = "I8" } }).Problem;

        Assert.Equal("weights.type", problem?.Code);
        Assert.Contains("'second.weight' has the type I8", problem!.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Map_TooManyTensors_IsRefused()
    {
        var one = SomeWeights.Tensor(1, 1);
        NamedWeights File(int count) => SomeWeights.File(Enumerable.Range(0, count).Select(i => ($"t{i}", one)));

        Assert.Equal("weights.too-many", WeightImport.Map(new(File(20_001), _network)).Problem?.Code);
        Assert.True(WeightImport.Map(new(File(20_000), _network)).Succeeded);
    }

    [Fact]
    public void Map_NameTooLong_IsRefused()
    {
        WeightImportRequest Request(int length) => new(SomeWeights.File((new('a', length), SomeWeights.Tensor(1, 1))), _network);

        Assert.Equal("weights.name", WeightImport.Map(Request(513)).Problem?.Code);
        Assert.True(WeightImport.Map(Request(512)).Succeeded);
    }

    [Fact]
    public void Map_EmptyFile_FillsNothing() => Assert.Empty(WeightImport.Map(new(new(), _network)).Value.Weights.Names);
}

using CnnService.Architecture.Tests.Rules;

namespace CnnService.Architecture.Tests;

/// <summary>A4, A5, A6: folders are topics with an order between them.</summary>
public class FolderTests
{
    private static readonly Lazy<IReadOnlyList<CodeType>> Guilty = new(() => Product.Types(typeof(FolderTests).Assembly));

    private static readonly Lazy<IReadOnlyList<CodeType>> Web = new(() => Product.Types(Product.Web));

    private static readonly Lazy<IReadOnlyList<CodeType>> Core = new(() => Product.Types(Product.Core));

    /// <summary>The layers of Core, lowest first.</summary>
    private static readonly string[][] Layers =
    [
        ["Common"],
        ["Architecture"],
        ["Datasets", "Models"],
        ["Training", "Classification", "Interpretation", "Drawing"],
    ];

    [Theory]
    [InlineData("Microsoft.EntityFrameworkCore", "Persistence")]
    [InlineData("Hangfire", "Work")]
    [InlineData("Amazon", "Artifacts")]
    [InlineData("Google.Protobuf", "Features.Inference.Grpc")]
    [InlineData("Grpc", "Features.Inference.Grpc")]
    [InlineData("Parquet", "Artifacts")]
    [InlineData("Swashbuckle", "Api.OpenApi")]
    [InlineData("OpenTelemetry", "Monitoring")]
    public void A4_Package_IsUsedInItsFolderOnly(string package, params string[] folders) =>
        Assert.Empty(DependencyRules.OnlyUnder(Web.Value, package, [.. folders.Select(folder => "CnnService.Web." + folder)]));

    [Fact]
    public void A4_GuiltyType_IsCaught() =>
        Assert.NotEmpty(DependencyRules.OnlyUnder(Guilty.Value, "Mono.Cecil", "CnnService.Architecture.Tests.Rules"));

    [Fact]
    public void A5_Features_DoNotSeeEachOther() => Assert.Empty(DependencyRules.Strangers(Web.Value, "CnnService.Web.Features"));

    [Fact]
    public void A5_Screens_DoNotSeeEachOther() =>
        Assert.Empty(DependencyRules.Strangers(Product.Types(Product.Studio), "CnnService.Studio.Pages"));

    [Fact]
    public void A5_GuiltyFeature_IsCaught() => Assert.NotEmpty(DependencyRules.Strangers(Guilty.Value, "CnnService.Guilty.Features"));

    [Theory]
    [InlineData("Persistence")]
    [InlineData("Work")]
    public void A5_PersistenceAndWork_DoNotSeeFeatures(string folder) =>
        Assert.Empty(DependencyRules.Forbid(Web.Value, "CnnService.Web." + folder, "CnnService.Web.Features"));

    [Fact]
    public void A5_GuiltyPersistence_IsCaught() =>
        Assert.NotEmpty(DependencyRules.Forbid(Guilty.Value, "CnnService.Guilty.Persistence", "CnnService.Guilty.Features"));

    [Theory]
    [InlineData("CnnService.Core")]
    [InlineData("CnnService.Imaging")]
    [InlineData("CnnService.Torch")]
    [InlineData("CnnService.Onnx")]
    [InlineData("CnnService.Web")]
    [InlineData("CnnService.Cli")]
    [InlineData("CnnService.Client")]
    [InlineData("CnnService.Studio")]
    public void A6_Folders_HaveNoCyclesAtAnyDepth(string project)
    {
        var assembly = Product.All.Single(one => Product.NameOf(one) == project);
        Assert.Empty(FolderGraph.Cycles(Product.Types(assembly), project));
    }

    [Theory]
    [InlineData("CnnService.Guilty.Circle")]
    [InlineData("CnnService.Guilty.Deep")]
    [InlineData("CnnService.Guilty.Nested")]
    public void A6_GuiltyCircle_IsCaught(string root) => Assert.Equal(2, FolderGraph.Cycles(Guilty.Value, root).Count);

    [Fact]
    public void A6_Core_LiesInLayers() => Assert.Empty(DependencyRules.Layered(Core.Value, "CnnService.Core", Layers));

    [Fact]
    public void A6_GuiltyLayer_IsCaught()
    {
        Assert.Single(DependencyRules.Layered(Guilty.Value, "CnnService.Guilty.Layers", ["Low"], ["High"]));
        Assert.Single(DependencyRules.Layered(Guilty.Value, "CnnService.Guilty.Layers", ["High"]));
    }

    [Fact]
    public void A6_Techniques_DoNotSeeEachOther() => Assert.Empty(
        DependencyRules.Strangers(Core.Value, "CnnService.Core.Interpretation", [.. TechniqueTests.Rooms.SelectMany(rooms => rooms)]));

    [Fact]
    public void A6_RoomsOfTechniques_LieInLayers()
    {
        const string root = "CnnService.Core.Interpretation";
        var rooms = TechniqueTests.Rooms;
        string[] techniques = [.. DependencyRules.Children(Core.Value, root).Except(rooms.SelectMany(room => room))];

        Assert.Empty(DependencyRules.Layered(Core.Value, root, [.. rooms, techniques]));
    }
}

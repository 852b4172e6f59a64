using CnnService.Architecture.Tests.Rules;

namespace CnnService.Architecture.Tests;

/// <summary>A4, A5, A6: folders are topics with an order between them.</summary>
public class FolderTests
{
    private static readonly Lazy<IReadOnlyList<CodeType>> Guilty = new(() => Product.Types(typeof(FolderTests).Assembly));

    private static readonly Lazy<IReadOnlyList<CodeType>> Web = new(() => Product.Types(Product.Web));

    [Fact]
    public void A4_EntityFramework_OnlyUnderPersistence() =>
        Assert.Empty(DependencyRules.OnlyUnder(Web.Value, "Microsoft.EntityFrameworkCore", "CnnService.Web.Persistence"));

    [Fact]
    public void A4_Hangfire_OnlyUnderJobs() =>
        Assert.Empty(DependencyRules.OnlyUnder(Web.Value, "Hangfire", "CnnService.Web.Jobs"));

    [Fact]
    public void A4_Parquet_OnlyUnderArtifacts() =>
        Assert.Empty(DependencyRules.OnlyUnder(Web.Value, "Parquet", "CnnService.Web.Artifacts"));

    [Fact]
    public void A4_GuiltyType_IsCaught() =>
        Assert.NotEmpty(DependencyRules.OnlyUnder(Guilty.Value, "Mono.Cecil", "CnnService.Architecture.Tests.Rules"));

    [Fact]
    public void A5_Features_DoNotSeeEachOther() =>
        Assert.Empty(DependencyRules.Strangers(Web.Value, "CnnService.Web.Features"));

    [Fact]
    public void A5_GuiltyFeature_IsCaught() =>
        Assert.NotEmpty(DependencyRules.Strangers(Guilty.Value, "CnnService.Guilty.Features"));

    [Fact]
    public void A5_PersistenceAndJobs_DoNotSeeFeatures()
    {
        Assert.Empty(DependencyRules.Forbid(Web.Value, "CnnService.Web.Persistence", "CnnService.Web.Features"));
        Assert.Empty(DependencyRules.Forbid(Web.Value, "CnnService.Web.Jobs", "CnnService.Web.Features"));
    }

    [Fact]
    public void A5_GuiltyPersistence_IsCaught() =>
        Assert.NotEmpty(DependencyRules.Forbid(Guilty.Value, "CnnService.Guilty.Persistence", "CnnService.Guilty.Features"));

    [Theory]
    [InlineData("CnnService.Core")]
    [InlineData("CnnService.Imaging")]
    [InlineData("CnnService.Torch")]
    [InlineData("CnnService.Onnx")]
    [InlineData("CnnService.Web")]
    public void A6_Folders_HaveNoCycles(string project)
    {
        var assembly = Product.All.Single(a => a.GetName().Name == project);
        Assert.Empty(DependencyRules.NoCycles(Product.Types(assembly), project));
    }

    [Fact]
    public void A6_GuiltyCircle_IsCaught() =>
        Assert.NotEmpty(DependencyRules.NoCycles(Guilty.Value, "CnnService.Guilty.Circle"));

    [Fact]
    public void A6_Core_FlowsRestOnTopicsAndTopicsOnCommon()
    {
        var core = Product.Types(Product.Core);
        string[] users = ["Drawing", "Interpretation"];
        string[] flows = ["Training", "Classification", .. users];
        Assert.Empty(DependencyRules.Forbid(core, "CnnService.Core.Common", Topics(["Architecture", "Datasets", "Models", .. flows])));
        Assert.Empty(DependencyRules.Forbid(core, "CnnService.Core.Architecture", Topics(["Datasets", "Models", .. flows])));
        Assert.Empty(DependencyRules.Forbid(core, "CnnService.Core.Datasets", Topics(flows)));
        Assert.Empty(DependencyRules.Forbid(core, "CnnService.Core.Models", Topics(flows)));
        Assert.Empty(DependencyRules.Forbid(core, "CnnService.Core.Training", Topics(users)));
        Assert.Empty(DependencyRules.Forbid(core, "CnnService.Core.Classification", Topics(users)));
        Assert.Empty(DependencyRules.Forbid(core, "CnnService.Core.Drawing", Topics("Interpretation")));
    }

    private static string[] Topics(params string[] names) => [.. names.Select(name => "CnnService.Core." + name)];
}

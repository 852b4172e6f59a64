using CnnService.Architecture.Tests.Rules;

namespace CnnService.Architecture.Tests;

/// <summary>A1, A2, A3, A8: projects are fences.</summary>
public class FenceTests
{
    private static readonly string[] CoreMaySee = ["System", "Microsoft.Extensions.", "Microsoft.Win32", "netstandard"];

    private static readonly Dictionary<string, string> OwnerOf = new()
    {
        ["SkiaSharp"] = "CnnService.Imaging",
        ["TorchSharp"] = "CnnService.Torch",
        ["Microsoft.ML.OnnxRuntime"] = "CnnService.Onnx",
        ["Google.Protobuf"] = "CnnService.Onnx",
        ["Microsoft.EntityFrameworkCore"] = "CnnService.Web",
        ["Hangfire"] = "CnnService.Web",
        ["Parquet"] = "CnnService.Web",
    };

    [Fact]
    public void A1_Core_RefersToNothingButTheFramework() =>
        Assert.Empty(AssemblyRules.RefersOnlyTo(Product.Core, CoreMaySee));

    [Fact]
    public void A1_GuiltyAssembly_IsCaught() =>
        Assert.NotEmpty(AssemblyRules.RefersOnlyTo(typeof(FenceTests).Assembly, CoreMaySee));

    [Fact]
    public void A2_Engines_DoNotSeeEachOtherNorTheExecutables()
    {
        string[] engines = ["CnnService.Imaging", "CnnService.Torch", "CnnService.Onnx", "CnnService.Web", "cnn"];
        Assert.Empty(new[] { Product.Imaging, Product.Torch, Product.Onnx }.SelectMany(assembly => AssemblyRules.RefersToNone(assembly, engines)));
        Assert.Empty(AssemblyRules.RefersToNone(Product.Cli, "CnnService.Web"));
    }

    [Fact]
    public void A2_GuiltyAssembly_IsCaught() =>
        Assert.NotEmpty(AssemblyRules.RefersToNone(Product.Web, "CnnService.Torch"));

    [Fact]
    public void A3_FencedPackages_HaveOneOwner() => Assert.Empty(
        from assembly in Product.All
        from fence in OwnerOf
        where assembly.GetName().Name != fence.Value
        from violation in AssemblyRules.RefersToNone(assembly, fence.Key)
        select violation);

    [Fact]
    public void A3_GuiltyAssembly_IsCaught() =>
        Assert.NotEmpty(AssemblyRules.RefersToNone(typeof(FenceTests).Assembly, "Mono.Cecil"));

    [Fact]
    public void A8_PublicSignatures_NameNoFencedType() => Assert.Empty(
        Product.All.Except([Product.Web]).SelectMany(assembly => TypeRules.NoForeignSignatures(assembly.GetTypes(), [.. OwnerOf.Keys])));

    [Fact]
    public void A8_GuiltyType_IsCaught() =>
        Assert.NotEmpty(TypeRules.NoForeignSignatures([typeof(Guilty.Shape.Leaky)], "Mono.Cecil"));
}

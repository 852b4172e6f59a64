using CnnService.Architecture.Tests.Rules;

namespace CnnService.Architecture.Tests;

/// <summary>A1, A2, A3, A8: projects are fences.</summary>
public class FenceTests
{
    private const string Handler = "System.Net.Http.HttpClientHandler";

    private static readonly string[] CoreMaySee = ["System", "Microsoft.Extensions.", "Microsoft.Win32", "netstandard", "MathNet.Numerics"];

    private static readonly Dictionary<string, string[]> Sees = new()
    {
        ["CnnService.Core"] = [],
        ["CnnService.Imaging"] = ["CnnService.Core"],
        ["CnnService.Torch"] = ["CnnService.Core"],
        ["CnnService.Onnx"] = ["CnnService.Core"],
        ["CnnService.Client"] = [],
        ["CnnService.Studio"] = ["CnnService.Client"],
        ["CnnService.Web"] = ["CnnService.Core", "CnnService.Imaging", "CnnService.Torch", "CnnService.Onnx", "CnnService.Studio"],
        ["CnnService.Cli"] = ["CnnService.Core", "CnnService.Imaging", "CnnService.Torch", "CnnService.Onnx", "CnnService.Client"],
    };

    public static TheoryData<string> NotInBrowsers =>
    [
        "System.IO.File", "System.IO.FileStream", "System.IO.Directory", "System.Net.Sockets", "System.Net.Http.SocketsHttpHandler",
        "System.Diagnostics.Process", "System.Threading.Thread",
    ];

    private static readonly Dictionary<string, string[]> OwnersOf = new()
    {
        ["SkiaSharp"] = ["CnnService.Imaging"],
        ["SixLabors.ImageSharp"] = ["CnnService.Imaging"],
        ["SharpZipLib"] = ["CnnService.Imaging"],
        ["ZstdSharp"] = ["CnnService.Imaging"],
        ["libtorch"] = ["CnnService.Torch"],
        ["TorchSharp"] = ["CnnService.Torch"],
        ["Microsoft.ML.OnnxRuntime"] = ["CnnService.Onnx"],
        ["Google.Protobuf"] = ["CnnService.Onnx", "CnnService.Web"], // A file format, and a protocol: neither sees the other's messages.
        ["Grpc.AspNetCore"] = ["CnnService.Web"],
        ["Grpc.Core"] = ["CnnService.Web"],
        ["Microsoft.EntityFrameworkCore"] = ["CnnService.Web"],
        ["Hangfire"] = ["CnnService.Web"],
        ["Npgsql"] = ["CnnService.Web"],
        ["Parquet"] = ["CnnService.Web"],
        ["Markdig"] = ["CnnService.Web"],
        ["Swashbuckle"] = ["CnnService.Web"],
        ["OpenTelemetry"] = ["CnnService.Web"],
        ["AWSSDK"] = ["CnnService.Web"],
        ["Spectre.Console"] = ["CnnService.Cli"],
        ["System.CommandLine"] = ["CnnService.Cli"],
        ["NSwag"] = ["CnnService.Client"],
        ["MudBlazor"] = ["CnnService.Studio"],
    };

    [Fact]
    public void A1_Core_RefersToNothingButTheFramework() =>
        Assert.Empty(AssemblyRules.RefersOnlyTo(Product.Core, CoreMaySee));

    [Fact]
    public void A1_Client_RefersToNothingButTheFramework() =>
        Assert.Empty(AssemblyRules.RefersOnlyTo(Product.Client, "System", "Microsoft.Extensions."));

    /// <summary>It runs in browsers too, which have neither sockets nor files.</summary>
    [Theory]
    [MemberData(nameof(NotInBrowsers))]
    public void A1_Client_UsesNothingThatBrowsersLack(string missing) =>
        Assert.Empty(DependencyRules.OnlyUnder(Product.Types(Product.Client), missing));

    [Fact]
    public void A1_GuiltyUse_IsCaught() =>
        Assert.NotEmpty(DependencyRules.OnlyUnder(Product.Types(typeof(FenceTests).Assembly), "System.IO.File"));

    [Fact]
    public void A1_GuiltyAssembly_IsCaught() =>
        Assert.NotEmpty(AssemblyRules.RefersOnlyTo(typeof(FenceTests).Assembly, CoreMaySee));

    [Fact]
    public void A1_A2_Projects_ReferAsTheStarAllows() => Assert.Empty(ProjectRules.Star(Product.Projects(), Sees));

    [Fact]
    public void A1_A2_GuiltyProjects_AreCaught()
    {
        var core = ProjectFile.Read("CnnService.Core",
            """<Project><ProjectReference Include="..\CnnService.Onnx\CnnService.Onnx.csproj" /></Project>""");
        var unknown = ProjectFile.Read("CnnService.Helpers", "<Project />");
        Assert.Equal(2, ProjectRules.Star([core, unknown], Sees).Count);
    }

    [Fact]
    public void A2_Engines_DoNotSeeEachOtherNorTheExecutables()
    {
        string[] engines = ["CnnService.Imaging", "CnnService.Torch", "CnnService.Onnx", "CnnService.Web", "cnn"];
        Assert.Empty(
            new[] { Product.Imaging, Product.Torch, Product.Onnx }.SelectMany(assembly => AssemblyRules.RefersToNone(assembly, engines)));
        Assert.Empty(AssemblyRules.RefersToNone(Product.Cli, "CnnService.Web"));
    }

    /// <summary>The service hands out the page's files; the page calls the service as any program would.</summary>
    [Fact]
    public void A2_PageAndService_DoNotSeeEachOther()
    {
        string[] ours = ["CnnService.Core", "CnnService.Imaging", "CnnService.Torch", "CnnService.Onnx", "CnnService.Web", "cnn"];
        Assert.Empty(AssemblyRules.RefersToNone(Product.Studio, ours));
        Assert.Empty(AssemblyRules.RefersToNone(Product.Web, "CnnService.Studio", "CnnService.Client"));
    }

    [Fact]
    public void A2_GuiltyAssembly_IsCaught()
    {
        Assert.NotEmpty(AssemblyRules.RefersToNone(Product.Web, "CnnService.Torch"));
        Assert.NotEmpty(AssemblyRules.RefersToNone(Product.Studio, "CnnService.Client"));
    }

    /// <summary>Only where the client is made does the page touch HTTP.</summary>
    [Fact]
    public void A2_Page_CallsByTheClientOnly()
    {
        var types = Product.Types(Product.Studio);
        Assert.Empty(DependencyRules.OnlyUnder(types, "System.Net.Http.HttpClient"));
        Assert.Empty(DependencyRules.OnlyUnder(types, Handler, "CnnService.Studio.Service"));
        Assert.NotEmpty(Product.Scripts());
        Assert.Empty(Product.Scripts().SelectMany(script => PageScripts.Calls(script.Name, script.Text)));
    }

    [Fact]
    public void A2_GuiltyPage_IsCaught()
    {
        Assert.NotEmpty(DependencyRules.OnlyUnder(Product.Types(Product.Studio), Handler));
        const string guilty = "await fetch('x');\nnew EventSource('y');\nimport 'https://cdn.example/z.js';\n";
        Assert.Equal(3, PageScripts.Calls("guilty.js", guilty).Count);
    }

    [Fact]
    public void A3_FencedPackages_HaveOneOwner() => Assert.Empty(
        from assembly in Product.All
        from fence in OwnersOf
        where !fence.Value.Contains(Product.NameOf(assembly))
        from violation in AssemblyRules.RefersToNone(assembly, fence.Key)
        select violation);

    [Fact]
    public void A3_FencedPackages_AreNamedByTheirOwnerOnly() => Assert.Empty(ProjectRules.OneOwner(Product.Projects(), OwnersOf));

    [Fact]
    public void A3_GuiltyProject_IsCaught()
    {
        var core = ProjectFile.Read("CnnService.Core", """<Project><PackageReference Include="SkiaSharp" /></Project>""");
        Assert.Single(ProjectRules.OneOwner([core], OwnersOf));
    }

    [Fact]
    public void A3_GuiltyAssembly_IsCaught() =>
        Assert.NotEmpty(AssemblyRules.RefersToNone(typeof(FenceTests).Assembly, "Mono.Cecil"));

    [Fact]
    public void A8_PublicSignatures_NameNoFencedType() => Assert.Empty(
        Product.All.SelectMany(assembly => TypeRules.NoForeignSignatures(assembly.GetTypes(), [.. OwnersOf.Keys])));

    [Fact]
    public void A8_GuiltyType_IsCaught() =>
        Assert.Equal(5, TypeRules.NoForeignSignatures([typeof(Guilty.Shape.Leaky), typeof(Guilty.Shape.LeakyHeir)], "Mono.Cecil").Count);
}

using CnnService.Architecture.Tests.Rules;

namespace CnnService.Architecture.Tests;

/// <summary>A12, A13: devices are named, tasks are awaited, stores can be cancelled, and what nobody uses is not there.</summary>
public class CodeTests
{
    private static readonly string Own = typeof(CodeTests).Assembly.Location;

    /// <summary>
    /// Nothing but tests asks how many native sessions are open, by which they prove that native memory is freed, and whether cuDNN
    /// searches, or repeats itself.
    /// </summary>
    private static readonly string[] Counters =
    [
        "CnnService.Onnx.Gradients.GradientSession.get_OpenCount(0) is used by nothing",
        "CnnService.Onnx.Serving.OnnxNetwork.get_OpenCount(0) is used by nothing",
        "CnnService.Torch.Native.CudnnSearch.get_IsOn(0) is used by nothing",
        "CnnService.Torch.Native.CudnnSearch.get_Repeats(0) is used by nothing",
    ];

    /// <summary>The one copies by page-locked memory; the other tries kernels of the processor, and returns at once on a GPU.</summary>
    private static readonly string[] KnownToWaitForNothing =
        ["CnnService.Torch.Networks.HostCopy", "CnnService.Torch.Networks.ConvolutionSelfTest"];

    /// <summary>What has to follow something that is done already, whether its client is still there or not.</summary>
    private static readonly string[] Consequences =
    [
        "CnnService.Web.Api.Requests.IdempotentRequest`1 calls IdempotencyStore.ReleaseAsync without its own token",
        "CnnService.Web.Features.Models.ModelsApi calls ModelStore.VersionsAsync without its own token",
        "CnnService.Web.Features.Monitoring.CaptureApi calls CaptureStore.TrimAsync without its own token",
        "CnnService.Web.Features.Monitoring.CapturedLabelApi calls CaptureStore.LabelAsync without its own token",
    ];

    [Fact]
    public void A12_TensorFactories_NameTheirDevice() =>
        Assert.Empty(Sources("src/").SelectMany(source => SourceRules.UnnamedDevices(source.Name, source.Text)));

    [Theory]
    [InlineData("class C { object M() => torch.zeros(3); }", 1)]
    [InlineData("class C { object M() => TorchSharp.torch.arange(3, dtype: d); }", 1)]
    [InlineData("using static TorchSharp.torch; class C { object M() => ones(3); }", 1)]
    [InlineData("using T = TorchSharp.torch; class C { object M() => T.full(3, v); }", 1)]
    [InlineData(
        "using static TorchSharp.torch; class C { object[] M() => [tensor(v), from_array(v), empty(3), eye(3), "
        + "linspace(0, 1, 3), rand(3), randn(3), randint(3, 3), randperm(3), hann_window(3)]; }", 10)]
    [InlineData(
        "class C { object M() => torch.zeros(3, device: d); object N() => torch.zeros_like(x); object O() => Enumerable.zeros(3); }", 0)]
    public void A12_GuiltySource_IsCaught(string text, int violations) =>
    Assert.Equal(violations, SourceRules.UnnamedDevices("guilty.cs", text).Count);

    /// <summary>
    /// A step that reads a value back, or copies to the device from ordinary memory, waits until the GPU has done all that was queued.
    /// </summary>
    [Theory]
    [InlineData("CnnService.Torch.Training.EpochSteps", "Run")]
    [InlineData("CnnService.Torch.Batching.ImageFeed", "Batches")]
    [InlineData("CnnService.Torch.Training.Optimizing.Optimizer", "Step")]
    public void TrainingSteps_DoNotWaitForTheDevice(string type, string method) =>
        Assert.Empty(DeviceWaits.From(Product.Torch.Location, type, method, exempt: KnownToWaitForNothing));

    [Fact]
    public void GuiltySteps_AreCaught() => Assert.Equal(
        [
            "CnnService.Guilty.Steps.Deep.Measure calls item",
            "CnnService.Guilty.Steps.Feed/<Batches>d__0.MoveNext calls to",
            "CnnService.Guilty.Steps.Step.Run calls cpu",
        ],
        DeviceWaits.From(Own, "CnnService.Guilty.Steps.Step", "Run", exempt: ["CnnService.Guilty.Steps.Upload"]));

    [Fact]
    public void A13_Stores_TakeACancellationToken() => Assert.Empty(TaskRules.StoresWithoutCancellation(Product.Web.Location));

    [Fact]
    public void A13_GuiltyStore_IsCaught() => Assert.Single(TaskRules.StoresWithoutCancellation(Own));

    [Fact]
    public void A13_Requests_PassTheirTokenToTheStores() => Assert.Equal(Consequences, TaskRules.UncancelledStoreCalls(
        Product.Web.Location, ["CnnService.Web.Features", "CnnService.Web.Api"], "CnnService.Web.Persistence").Order());

    [Fact]
    public void A13_GuiltyRequests_AreCaught() => Assert.Equal(
        [
            "CnnService.Guilty.Requests.Handlers calls QueryStore`1.FindAsync without its own token",
            "CnnService.Guilty.Requests.Handlers calls ThingStore.CountAsync without its own token",
            "CnnService.Guilty.Requests.Handlers calls ThingStore.FindAsync without its own token",
            "CnnService.Guilty.Requests.Handlers calls ThingStore.FindAsync without its own token",
        ],
        TaskRules.UncancelledStoreCalls(Own, ["CnnService.Guilty.Requests"], "CnnService.Guilty.Stores").Order());

    [Fact]
    public void A13_Tasks_AreNotWaitedFor() => Assert.Empty(Product.All.SelectMany(assembly => TaskRules.Blocks(assembly.Location)));

    [Fact]
    public void A13_GuiltyWait_IsCaught() => Assert.Single(TaskRules.Blocks(Own));

    [Fact]
    public void A13_Awaiters_AreNotBlockedOn() =>
        Assert.Empty(Sources("src/").SelectMany(source => SourceRules.BlockingAwaiters(source.Name, source.Text)));

    [Fact]
    public void A13_GuiltyAwaiter_IsCaught() =>
        Assert.Single(SourceRules.BlockingAwaiters("guilty.cs", "class C { int M() => t.GetAwaiter().GetResult() + a.GetResult(); }"));

    /// <summary>The service has no context to come back to; the programs that install the client may have one.</summary>
    [Fact]
    public void Awaits_AreNotConfigured() => Assert.Empty(Sources(string.Empty)
        .Where(source => !source.Name.StartsWith("src/CnnService.Client/", StringComparison.Ordinal))
        .SelectMany(source => SourceRules.ConfigureAwait(source.Name, source.Text)));

    [Fact]
    public void GuiltyAwait_IsCaught() =>
        Assert.Single(SourceRules.ConfigureAwait("guilty.cs", "class C { async Task M() { await t.ConfigureAwait(false); await t; } }"));

    /// <summary>The client's members are for others.</summary>
    [Fact]
    public void Members_AreUsed() => Assert.Equal(
        Counters, UnusedMembers.In(Product.All.Except([Product.Client]).Select(assembly => assembly.Location)).Order());

    [Fact]
    public void GuiltyMember_IsCaught() =>
    Assert.Contains(UnusedMembers.In([Own]), violation => violation.Contains("Lonely.Unused", StringComparison.Ordinal));

    [Fact]
    public void A7_PublicTypes_AreNeededElsewhere() => Assert.Empty(VisibilityRules.NeedlesslyPublic(
        [.. Product.All.Except([Product.Core]).SelectMany(assembly => assembly.GetExportedTypes())], [.. Product.Sources()]));

    [Fact]
    public void A7_GuiltyPublicType_IsCaught() => Assert.Single(VisibilityRules.NeedlesslyPublic([typeof(Guilty.Shape.Lonely)], []));

    private static IEnumerable<(string Name, string Text)> Sources(string folder) =>
        Product.Sources().Where(source => source.Name.StartsWith(folder, StringComparison.Ordinal));
}

using CnnService.Torch.Native;
using Microsoft.Extensions.Options;

namespace CnnService.Engine.Tests.Torch;

/// <summary>Tests that use libtorch run one after another: its thread count and random generator belong to the process.</summary>
[CollectionDefinition(Name)]
public sealed class TorchSuite : ICollectionFixture<LoadedTorch>
{
    public const string Name = "Torch";
}

/// <summary>libtorch, loaded.</summary>
public sealed class LoadedTorch
{
    public LoadedTorch() => Runtime.Require();

    internal static TorchRuntime Runtime { get; } = new(Options.Create(new TorchOptions()));

    internal static HostDevices Devices { get; } = new(Runtime);
}

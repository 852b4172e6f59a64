using CnnService.Core.Common;
using CnnService.Core.Models;

namespace CnnService.Torch.Interpretation;

/// <summary>The networks used last, in memory; one that is pushed out lives on until its last lease ends. Thread safe. Owns the
/// networks.</summary>
/// <param name="capacity">Networks kept, at least 1.</param>
internal sealed class NetworkPool(int capacity) : IDisposable
{
    private readonly LeasedPool<(string Folder, string WeightsHash), LoadedNetwork> _networks =
        new(new() { MaxCount = capacity }, network => network.Dispose());

    /// <summary>A model's network, loaded where it is not kept; dispose the lease to give it back.</summary>
    /// <exception cref="InvalidDataException">The package's weights are not readable.</exception>
    internal LeasedPool<(string Folder, string WeightsHash), LoadedNetwork>.Lease Acquire(LoadedModel model) =>
        _networks.Acquire((model.Folder, model.WeightsHash), () => LoadedNetwork.Load(model)).Value;

    public void Dispose() => _networks.Dispose();
}

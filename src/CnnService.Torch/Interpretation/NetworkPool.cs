using CnnService.Core.Common;
using CnnService.Core.Models;
using static TorchSharp.torch;

namespace CnnService.Torch.Interpretation;

/// <summary>
/// The most recently used networks, kept in memory. An evicted network lives until its last lease ends. Owns the networks. Thread safe.
/// </summary>
/// <param name="capacity">Number of networks kept, at least 1.</param>
internal sealed class NetworkPool(int capacity) : IDisposable
{
    private readonly LeasedPool<(string Folder, string WeightsHash, string Device), LoadedNetwork> _networks =
        new(new() { MaxCount = capacity }, network => network.Dispose());

    /// <summary>
    /// Leases a model's network, loading it to the device if it is not in the pool; dispose the lease to return it.
    /// </summary>
    /// <exception cref="InvalidDataException">The weights of the package cannot be read.</exception>
    internal LeasedPool<(string Folder, string WeightsHash, string Device), LoadedNetwork>.Lease Acquire(LoadedModel model, Device device) =>
        _networks.Acquire((model.Folder, model.WeightsHash, device.ToString()), () => LoadedNetwork.Load(model, device)).Value;

    public void Dispose() => _networks.Dispose();
}

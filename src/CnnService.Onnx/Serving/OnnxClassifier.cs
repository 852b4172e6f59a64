using CnnService.Core.Classification;
using CnnService.Core.Common;
using CnnService.Core.Models;
using CnnService.Onnx.Export;
using Microsoft.Extensions.Options;

namespace CnnService.Onnx.Serving;

/// <summary>The loaded versions, each behind its batcher; the longest unused goes when there are too many.</summary>
internal sealed class OnnxClassifier(IOptions<ServingOptions> options, TimeProvider time) : IClassifier, IAsyncDisposable
{
    private readonly Lock _gate = new();

    // Guarded by _gate, as are the counters in the values.
    private readonly Dictionary<string, Served> _loaded = [];
    private long _clock;
    private Task _retiring = Task.CompletedTask;
    private bool _disposed;

    public async ValueTask<Outcome<ClassProbabilities>> ClassifyAsync(LoadedModel model, PixelBuffer picture, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(picture);
        RequireInputSize(model, picture);
        var served = Enter(model);
        try
        {
            var batcher = await served.Batcher.WaitAsync(cancel).ConfigureAwait(false);
            return batcher.Problem is { } problem
                ? problem
                : await batcher.Value.ClassifyAsync(picture.Data, cancel).ConfigureAwait(false);
        }
        finally
        {
            Leave(model.Folder, served);
        }
    }

    public void Unload(string folder)
    {
        lock (_gate)
        {
            if (_loaded.Remove(folder, out var served))
            {
                Retire(served);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        Task[] ending;
        lock (_gate)
        {
            _disposed = true;
            ending = [_retiring, .. _loaded.Values.Select(served => served.DisposeAsync().AsTask())];
            _loaded.Clear();
        }

        await Task.WhenAll(ending).ConfigureAwait(false);
    }

    private static void RequireInputSize(LoadedModel model, PixelBuffer picture)
    {
        var (height, width, channels) = model.Network.Spec.Input;
        if ((picture.Height, picture.Width, picture.Channels) != (height, width, channels))
        {
            throw new ArgumentException(
                $"The picture must be {height}x{width}x{channels}, received {picture.Height}x{picture.Width}x{picture.Channels}.", nameof(picture));
        }
    }

    private Served Enter(LoadedModel model)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (!_loaded.TryGetValue(model.Folder, out var served))
            {
                MakeRoom();
                _loaded[model.Folder] = served = new Served(Load(model));
            }

            served.Users++;
            served.LastUse = ++_clock;
            return served;
        }
    }

    private void Leave(string folder, Served served)
    {
        lock (_gate)
        {
            served.Users--;
            if (served.HasFailed && _loaded.GetValueOrDefault(folder) == served)
            {
                _loaded.Remove(folder); // A repaired file is tried again by the next request.
            }

            if (served is { Users: 0, Retired: true })
            {
                Retire(served);
            }
        }
    }

    private void MakeRoom()
    {
        while (_loaded.Count >= options.Value.MaxLoadedModels)
        {
            var (folder, oldest) = _loaded.MinBy(entry => entry.Value.LastUse);
            _loaded.Remove(folder);
            Retire(oldest);
        }
    }

    /// <summary>Frees it now, or when its last user leaves.</summary>
    private void Retire(Served served)
    {
        served.Retired = true;
        if (served.Users == 0)
        {
            var ending = served.DisposeAsync().AsTask();
            _retiring = _retiring.IsCompletedSuccessfully ? ending : Task.WhenAll(_retiring, ending);
        }
    }

    private Task<Outcome<DynamicBatcher>> Load(LoadedModel model) => Task.Run(() =>
        ModelFile.Read(model).Then(bytes => OnnxNetwork.Open(bytes, model.Manifest.Preprocessing, options.Value.Threads)).Then(network =>
        {
            try
            {
                network.Run([new byte[network.BytesPerPicture]], OnnxExporter.Probabilities, out _); // Warm before the first caller waits.
                return (Outcome<DynamicBatcher>)new DynamicBatcher(network, options.Value, time);
            }
            catch
            {
                network.Dispose();
                throw;
            }
        }));

    private sealed class Served(Task<Outcome<DynamicBatcher>> batcher) : IAsyncDisposable
    {
        public Task<Outcome<DynamicBatcher>> Batcher => batcher;

        public int Users { get; set; }

        public bool Retired { get; set; }

        public long LastUse { get; set; }

        public bool HasFailed => batcher.IsCompleted && !(batcher.IsCompletedSuccessfully && batcher.GetAwaiter().GetResult().Succeeded);

        public async ValueTask DisposeAsync()
        {
            if (!HasFailed && await batcher.ConfigureAwait(false) is { Succeeded: true } loaded)
            {
                await loaded.Value.DisposeAsync().ConfigureAwait(false);
            }
        }
    }
}

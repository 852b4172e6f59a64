using System.Security.Cryptography;
using CnnService.Core.Classification;
using CnnService.Core.Common;
using CnnService.Core.Models;
using Microsoft.Extensions.Options;
using Microsoft.ML.OnnxRuntime;

namespace CnnService.Onnx.Serving;

/// <summary>The loaded versions, each behind its batcher; the longest unused goes when there are too many.</summary>
internal sealed class OnnxClassifier(IOptions<ServingOptions> options) : IClassifier, IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Served> _loaded = []; // Guarded by _gate, as are the counters in its values.
    private long _clock;

    public async ValueTask<Outcome<ClassProbabilities>> ClassifyAsync(LoadedModel model, PixelBuffer picture, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(picture);
        var served = Enter(model.Folder, () => Load(model));
        try
        {
            var batcher = await served.Batcher.Value.WaitAsync(cancel).ConfigureAwait(false);
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
        Served[] all;
        lock (_gate)
        {
            all = [.. _loaded.Values];
            _loaded.Clear();
        }

        foreach (var served in all)
        {
            await served.DisposeAsync().ConfigureAwait(false);
        }
    }

    private Served Enter(string folder, Func<Task<Outcome<DynamicBatcher>>> load)
    {
        lock (_gate)
        {
            if (!_loaded.TryGetValue(folder, out var served))
            {
                MakeRoom();
                _loaded[folder] = served = new Served(load);
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
            var failed = served.Batcher is { IsValueCreated: true, Value: { IsCompletedSuccessfully: true } task } && task.GetAwaiter().GetResult().Problem is not null;
            if (failed && _loaded.GetValueOrDefault(folder) == served)
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
    private static void Retire(Served served)
    {
        served.Retired = true;
        if (served.Users == 0)
        {
            _ = served.DisposeAsync().AsTask(); // Ends once the batcher's loop has ended; nothing awaits a version nobody uses.
        }
    }

    private Task<Outcome<DynamicBatcher>> Load(LoadedModel model) => Task.Run<Outcome<DynamicBatcher>>(() =>
    {
        var expected = model.Manifest.Files.First(file => file.Name == ModelPackage.OnnxFile).Sha256;
        var bytes = File.Exists(model.OnnxPath) ? File.ReadAllBytes(model.OnnxPath) : [];
        if (Convert.ToHexStringLower(SHA256.HashData(bytes)) != expected)
        {
            return Corrupt(model, "its file is not what the manifest says (SHA-256)");
        }

        try
        {
            var network = new OnnxNetwork(bytes, model.Manifest.Preprocessing, options.Value.Threads);
            network.Run([new byte[network.BytesPerPicture]], Export.OnnxExporter.Probabilities, out _); // Warm before the first caller waits.
            return new DynamicBatcher(network, options.Value);
        }
        catch (OnnxRuntimeException refused)
        {
            return Corrupt(model, $"OnnxRuntime refuses it: {refused.Message}");
        }
    });

    private static Problem Corrupt(LoadedModel model, string why) =>
        new(ProblemKind.Unavailable, "model.corrupt", $"Version {model.Version} of model '{model.Name}' cannot be served: {why}.");

    private sealed class Served(Func<Task<Outcome<DynamicBatcher>>> load) : IAsyncDisposable
    {
        public Lazy<Task<Outcome<DynamicBatcher>>> Batcher { get; } = new(load);

        public int Users { get; set; }

        public bool Retired { get; set; }

        public long LastUse { get; set; }

        public async ValueTask DisposeAsync()
        {
            if (Batcher.IsValueCreated && await Batcher.Value.ConfigureAwait(false) is { Succeeded: true } loaded)
            {
                await loaded.Value.DisposeAsync().ConfigureAwait(false);
            }
        }
    }
}

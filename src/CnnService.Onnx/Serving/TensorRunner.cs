using CnnService.Core.Classification;
using CnnService.Core.Common;
using CnnService.Core.Models;
using CnnService.Onnx.Export;
using Microsoft.Extensions.Options;

namespace CnnService.Onnx.Serving;

/// <inheritdoc cref="ITensorRunner"/>
/// <remarks>Layers that are not outputs of the file are computed by truncated networks; the most recently used are kept.</remarks>
internal sealed class TensorRunner(ModelInstanceCache models, IOptions<ServingOptions> options) : ITensorRunner, IDisposable
{
    /// <summary>Most truncated networks kept.</summary>
    private const int Capacity = 8;

    /// <summary>Most layer values per request: 64 Mi values of float32, 256 MiB.</summary>
    private const long MaxValues = 64 << 20;

    private readonly SemaphoreSlim _free = new(Environment.ProcessorCount, Environment.ProcessorCount);
    private readonly LeasedPool<string, OnnxNetwork> _cut = new(new() { MaxCount = Capacity }, network => network.Dispose());

    public async ValueTask<Outcome<TensorSignature>> DescribeAsync(LoadedModel model, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(model);
        using var use = models.AcquireUnqueued(model);
        var loaded = await use.OpenedAsync(cancel);
        return loaded.Bind<TensorSignature>(batcher => Signature(model, batcher.Network));
    }

    public async ValueTask<Outcome<TensorAnswer>> RunAsync(
        LoadedModel model, int images, Func<IAnswerLimit, ValueTask<Outcome<TensorInput>>> input, IReadOnlyList<string>? outputs,
        CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(input);
        return await models.Reserve(model, images).BindAsync(async reservation =>
        {
            using var use = reservation;
            var loaded = await use.OpenedAsync(cancel);
            var names = loaded.Map(batcher => OfferedOutputs.Of(model, batcher.Network).Choose(outputs));
            var requested = names.Bind(chosen => Resolve(
                model, loaded.Value.Network.Outputs, [.. chosen.Select(name => name.Served).Distinct(StringComparer.Ordinal)]));
            return await requested
                .BindAsync(_ => input(new RequestLimit(use)).AsTask())
                .BindAsync(read => RunAsync(model, use, loaded.Value, read, requested.Value, cancel))
                .MapAsync(answer => WithOwnNames(answer, names.Value));
        });
    }

    public ServingCounts Counts(LoadedModel model) => models.StatisticsOf(model).Counts with { MemoryBytes = models.MemoryOf(model) };

    public void Unload(LoadedModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        models.Unload(model.Folder);
        _cut.Evict(key => key.StartsWith(model.WeightsHash, StringComparison.Ordinal));
    }

    public void Dispose()
    {
        _cut.Dispose();
        _free.Dispose();
    }

    private async Task<Outcome<TensorAnswer>> RunAsync(
        LoadedModel model, QueueReservation use, DynamicBatcher batcher, TensorInput input, RequestedOutputs requested,
        CancellationToken cancel)
    {
        using var parts = new BatchSegments(input, use.Plan.MaxBatchSize);
        var answers = await Task.WhenAll(parts.Split().Select(part => use.RunAsync(batcher, part, requested.OfFile, cancel).AsTask()));
        var answer = TensorAnswers.Join(answers);
        return requested.Layers.Count == 0 || !answer.Succeeded
            ? answer
            : await WithLayersAsync(model, input, requested, answer.Value, cancel);
    }

    /// <summary>
    /// Splits the requested names into outputs of the file and layers. At least one output of the file is run even if only layers are
    /// requested, so that the queue bounds the work on layers too.
    /// </summary>
    private static Outcome<RequestedOutputs> Resolve(LoadedModel model, IReadOnlyList<string> own, IReadOnlyList<string> outputs)
    {
        string[] fromFile = [.. outputs.Where(own.Contains)];
        string[] layers = [.. outputs.Except(own)];
        return layers.FirstOrDefault(name => !model.HasLayers || model.Network.Find(name) is null) is { } unknown
            ? Problem.Invalid("inference.output-unknown",
                $"unexpected inference output '{unknown}' for model '{model.Name}': neither an output nor a layer")
            : new RequestedOutputs(outputs, fromFile.Length > 0 ? fromFile : [own[0]], layers);
    }

    private static TensorSignature Signature(LoadedModel model, OnnxNetwork network)
    {
        var offered = OfferedOutputs.Of(model, network);
        return new(network.Channels, network.Height, network.Width, network.TakesBytes,
            [.. offered.Usual.Select(output => output.Described)], [.. offered.Further.Select(output => output.Described)]);
    }

    /// <summary>The answer's tensors under the names that were asked for, in their order.</summary>
    private static TensorAnswer WithOwnNames(TensorAnswer answer, IReadOnlyList<OfferedOutput> names) => answer with
    {
        Tensors = [.. names.Select(name => answer.Tensors.First(tensor => tensor.Name == name.Served) with { Name = name.Name })],
    };

    /// <summary>Adds the layers, and orders the tensors as requested.</summary>
    private async Task<Outcome<TensorAnswer>> WithLayersAsync(
        LoadedModel model, TensorInput input, RequestedOutputs requested, TensorAnswer answer, CancellationToken cancel)
    {
        var values = requested.Layers.Sum(name => model.Network.Find(name)!.OutputShape.Elements * input.Count);
        if (values > MaxValues)
        {
            return Problem.Invalid("inference.output-too-large",
                $"layers of {MaxValues} values can be asked for at once; {string.Join(", ", requested.Layers)} of "
                + $"{input.Count} images have {values}");
        }

        await _free.WaitAsync(cancel);
        try
        {
            return await Task.Run(() => WithLayers(model, input, requested, answer), cancel);
        }
        finally
        {
            _free.Release();
        }
    }

    private Outcome<TensorAnswer> WithLayers(LoadedModel model, TensorInput input, RequestedOutputs requested, TensorAnswer answer)
    {
        return Outcome.All(requested.Layers.Select(name => Layer(model, input, name))).Map(layers =>
        {
            var tensors = answer.Tensors.ToDictionary(tensor => tensor.Name, StringComparer.Ordinal);
            foreach (var (name, layer) in requested.Layers.Zip(layers))
            {
                tensors[name] = layer; // Takes precedence over an output of the file with its name.
            }

            return answer with { Tensors = [.. requested.All.Select(name => tensors[name])] };
        });
    }

    private Outcome<NamedTensor> Layer(LoadedModel model, TensorInput input, string name)
    {
        Outcome<OnnxNetwork> Open() =>
            ModelFile.Read(model).Bind(file => OnnxTruncation.TruncateAfter(file, model.Network.Find(name)!))
            .Bind(cut => OnnxNetwork.Open(cut, model.Manifest.Preprocessing, options.Value.Threads));
        return _cut.Use<NamedTensor>(ModelKey.Create(model, name), Open,
            network => network.Run([input], [OnnxExporter.ValueOf(name)], TimeProvider.System).Tensors[0] with { Name = name });
    }

    /// <param name="All">All names in the order requested.</param>
    /// <param name="OfFile">Outputs of the file to run, at least one.</param>
    /// <param name="Layers">Names computed by truncated networks.</param>
    private sealed record RequestedOutputs(IReadOnlyList<string> All, IReadOnlyList<string> OfFile, IReadOnlyList<string> Layers);
}

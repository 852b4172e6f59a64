using CnnService.Core.Classification;
using CnnService.Core.Common;
using CnnService.Core.Models;
using CnnService.Onnx.Export;
using Microsoft.Extensions.Options;

namespace CnnService.Onnx.Serving;

/// <inheritdoc cref="ITensorRunner"/>
/// <remarks>Keeps the networks used last, whole ones and cut ones. One batch at a time goes through each, on all its threads.</remarks>
internal sealed class TensorRunner(IOptions<ServingOptions> options) : ITensorRunner, IDisposable
{
    private readonly RecentNetworks<OnnxNetwork> _recent = new(options.Value.MaxLoadedModels);

    public Outcome<TensorSignature> Describe(LoadedModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return Whole<TensorSignature>(model, network => new TensorSignature(
            network.Channels, network.Height, network.Width, [.. network.Outputs.Select(name => (name, (IReadOnlyList<long>)network.ShapeOf(name)))]));
    }

    public Outcome<IReadOnlyList<NamedTensor>> Run(LoadedModel model, TensorInput input, IReadOnlyList<string>? outputs)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(input);
        var own = Whole(model, network =>
        {
            var wanted = outputs is null ? [.. network.Outputs] : outputs.Where(network.Outputs.Contains).ToArray();
            return Outcome.Success<IReadOnlyList<NamedTensor>>(wanted.Length == 0 ? [] : network.RunAll(input, wanted));
        });
        return outputs is null ? own : own.Then(found => Complete(model, input, outputs, found));
    }

    public void Unload(LoadedModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        _recent.Drop(key => key.StartsWith(model.WeightsHash, StringComparison.Ordinal));
    }

    public void Dispose() => _recent.Dispose();

    /// <summary>In the order asked for; what is no output of the file is a layer's value.</summary>
    private Outcome<IReadOnlyList<NamedTensor>> Complete(LoadedModel model, TensorInput input, IReadOnlyList<string> outputs, IReadOnlyList<NamedTensor> found)
    {
        var tensors = new List<NamedTensor>();
        foreach (var name in outputs)
        {
            var tensor = found.FirstOrDefault(own => own.Name == name) is { } known ? known : Layer(model, input, name);
            if (tensor.Problem is { } problem)
            {
                return problem;
            }

            tensors.Add(tensor.Value);
        }

        return tensors;
    }

    private Outcome<NamedTensor> Layer(LoadedModel model, TensorInput input, string name)
    {
        if (!model.HasLayers || model.Network.Find(name) is not { } layer)
        {
            return Problem.Invalid("inference.output-unknown", $"unexpected inference output '{name}' for model '{model.Name}': neither an output nor a layer");
        }

        Outcome<OnnxNetwork> Open() => ModelFile.Read(model).Then(file => NetworkCut.After(file, layer)).Then(cut => OnnxNetwork.Open(cut, model.Manifest.Preprocessing, options.Value.Threads));
        return _recent.Use<NamedTensor>($"{model.WeightsHash}/{name}", Open, network => network.RunAll(input, [OnnxExporter.ValueOf(name)])[0] with { Name = name });
    }

    private Outcome<T> Whole<T>(LoadedModel model, Func<OnnxNetwork, Outcome<T>> use)
    {
        Outcome<OnnxNetwork> Open() => ModelFile.Read(model).Then(file => OnnxNetwork.Open(file, model.Manifest.Preprocessing, options.Value.Threads));
        return _recent.Use(model.WeightsHash, Open, use);
    }
}

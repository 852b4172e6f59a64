using CnnService.Core.Classification;
using CnnService.Core.Models;
using CnnService.Onnx.Export;

namespace CnnService.Onnx.Serving;

/// <summary>The names under which the outputs of a version can be asked for.</summary>
/// <param name="Usual">Answered where nothing else is asked for.</param>
/// <param name="Further">Those besides.</param>
internal sealed record OfferedOutputs(IReadOnlyList<OfferedOutput> Usual, IReadOnlyList<OfferedOutput> Further)
{
    /// <summary>
    /// An imported file's outputs have their own names, also where one of them is the name of another output here; that one then has a
    /// prefix.
    /// </summary>
    public static OfferedOutputs Of(LoadedModel model, OnnxNetwork network)
    {
        OfferedOutput[] file =
        [
            .. model.Manifest.Import?.FileOutputs.Where(output => output.ServedAs is not null)
                .Select(output => new OfferedOutput(output.Name, output.ServedAs!, output.Shape)) ?? [],
        ];
        string[] taken = [.. file.Select(output => output.Name)];
        file = network.Outputs.All(taken.Contains) ? [] : file; // All outputs have the names of the file's: it was exported here.
        OfferedOutput[] here =
        [
            .. network.Outputs.Where(name => !file.Any(output => output.Name == name && output.Served == name)).Select(
                name => new OfferedOutput(
                    TensorNames.Beside(name, file.Select(output => output.Name)), name, network.ShapeOf(name))),
        ];
        return file.Length > 0 ? new(file, here)
            : here.FirstOrDefault(output => output.Name == OnnxExporter.Probabilities) is { } probabilities
                ? new([probabilities], [.. here.Where(output => output != probabilities)])
            : new(here, []);
    }

    /// <summary>The outputs of these names, layers among them; null: the usual ones.</summary>
    public IReadOnlyList<OfferedOutput> Choose(IReadOnlyList<string>? names) => names is null ? Usual
        : [.. names.Select(name => Usual.Concat(Further).FirstOrDefault(output => output.Name == name) ?? new(name, name, []))];
}

/// <param name="Name">The name to ask for.</param>
/// <param name="Served">Name of the output or layer of the network.</param>
/// <param name="Shape">Its shape, without the batch dimension; empty for a layer that was asked for.</param>
internal sealed record OfferedOutput(string Name, string Served, IReadOnlyList<long> Shape)
{
    public NamedShape Described => new(Name, Shape);
}

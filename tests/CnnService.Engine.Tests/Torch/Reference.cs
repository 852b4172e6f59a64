using System.Text.Json;
using CnnService.Core.Architecture;
using CnnService.Core.Common;
using CnnService.Core.Models;

namespace CnnService.Engine.Tests.Torch;

/// <summary>What PyTorch computes, written by make_reference.py.</summary>
internal static class Reference
{
    private static readonly Lazy<SafetensorsContent> Content = new(() =>
        SafetensorsFile.Read(Path.Combine(AppContext.BaseDirectory, "Torch", "reference.safetensors")).Value);

    internal static NamedWeights Tensors => Content.Value.Weights;

    internal static IReadOnlyList<ReferenceCase> Cases =>
        JsonSerializer.Deserialize<List<ReferenceCase>>(Content.Value.Metadata["cases"], CoreJson.Options)!;

    /// <summary>The tensors under a prefix, by the rest of their names.</summary>
    internal static NamedWeights Under(string prefix)
    {
        var part = new NamedWeights();
        foreach (var (name, tensor) in Tensors.All.Where(entry => entry.Key.StartsWith(prefix, StringComparison.Ordinal)))
        {
            part.Add(name[prefix.Length..], tensor);
        }

        return part;
    }
}

internal sealed record ReferenceCase(string Name, int Classes, bool Training, NetworkSpec Network)
{
    internal ResolvedNetwork Resolve()
    {
        var errors = new ValidationErrors();
        var network = NetworkSpecValidator.Resolve(Network, Classes, errors);
        Assert.False(errors.Any, string.Join("; ", errors.ToDictionary().Select(e => $"{e.Key} {e.Value[0]}")));
        return network!;
    }
}

using CnnService.Core.Common;

namespace CnnService.Core.Architecture;

/// <summary>Validates a network before any tensor is allocated, reporting all broken rules at once, and resolves a valid one.</summary>
public static class NetworkSpecValidator
{
    /// <summary>The number of classes of a network without a classifier.</summary>
    public const int NoClasses = 0;

    /// <summary>
    /// Names the layers, resolves their units and infers their shapes; the order is kept. Errors are reported under
    /// <c>{path}.layers[i].field</c>.
    /// </summary>
    /// <param name="spec">As read from JSON.</param>
    /// <param name="classes">At least 2, or <see cref="NoClasses"/>: the last layer may then have any output.</param>
    /// <param name="errors">Receives every broken rule.</param>
    /// <param name="path">JSON path of the network in the request.</param>
    /// <param name="allowsMultiLabel">
    /// Whether it may end in a sigmoid of its own for each of several classes: imported networks may, networks to be trained may not.
    /// </param>
    /// <returns>Null if, and only if, errors were added.</returns>
    public static ResolvedNetwork? Resolve(
        NetworkSpec spec, int classes, ValidationErrors errors, string path = "architecture", bool allowsMultiLabel = false)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(errors);
        if (classes is < 2 and not NoClasses)
        {
            throw new ArgumentOutOfRangeException(nameof(classes), classes, "must be at least 2, or none");
        }

        var found = errors.At(path);
        CheckInput(spec.Input, found);
        if (!HasLayers(spec.Layers, found))
        {
            return null;
        }

        var resolution = new NetworkResolver(spec.Input, classes, spec.Layers.Count - 1, found);
        var layers = LayerNames.AssignNames(spec.Layers, found);
        var resolved = layers.Select((layer, index) => resolution.ResolveNext(layer, index)).ToList();
        resolution.CheckNetwork(resolved, allowsMultiLabel);
        return found.Any
            ? null
            : new(spec with { Layers = [.. resolved.Select(layer => layer!.Spec)] }, classes, resolved!);
    }

    private static void CheckInput(InputSpec? input, ValidationErrors errors)
    {
        if (input is null)
        {
            errors.Add("input", "must be given");
            return;
        }

        CheckSide(input.Height, "input.height", errors);
        CheckSide(input.Width, "input.width", errors);
        if (input.Channels is not (1 or 3))
        {
            errors.Add("input.channels", $"must be 1 (grey) or 3 (red, green, blue), received {input.Channels}");
        }
    }

    private static void CheckSide(int pixels, string field, ValidationErrors errors)
    {
        if (pixels is < 1 or > NetworkLimits.InputSide)
        {
            errors.Add(field, $"must be between 1 and {NetworkLimits.InputSide}, received {pixels}");
        }
    }

    private static bool HasLayers(IReadOnlyList<LayerSpec?>? layers, ValidationErrors errors)
    {
        if (layers is not { Count: >= 1 and <= NetworkLimits.Layers })
        {
            errors.Add("layers", $"must hold 1 to {NetworkLimits.Layers} layers, received {layers?.Count ?? 0}");
            return false;
        }

        var absent = Enumerable.Range(0, layers.Count).Where(i => layers[i] is null).ToList();
        absent.ForEach(i => errors.Add($"layers[{i}]", "must be a layer, received null"));
        return absent.Count == 0;
    }
}

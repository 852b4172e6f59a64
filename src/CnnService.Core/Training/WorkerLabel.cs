using System.Globalization;
using System.Text.RegularExpressions;

namespace CnnService.Core.Training;

/// <summary>What a worker has, or what a run requires of the worker that takes it.</summary>
/// <param name="Name">Such as <c>gpu</c>.</param>
/// <param name="Value">Such as <c>16g</c>; null: the name says it all.</param>
public sealed partial record WorkerLabel(string Name, string? Value)
{
    /// <summary>A worker has it whose tensor library finds a GPU.</summary>
    public const string Gpu = "gpu";

    /// <summary>Bytes that a worker may use.</summary>
    public const string Memory = "memory";

    /// <summary>What a label looks like, as messages state it.</summary>
    public const string Rule =
        "must be a label such as gpu, site=north or memory=16g: lower-case letters, digits, '.', '_' and '-', up to 63 on each side of '='";

    private const string Units = "kmgt";

    /// <summary>The label that a text writes; null if it writes none.</summary>
    public static WorkerLabel? Parse(string? text) => Form().Match(text ?? string.Empty) is { Success: true } form
        ? new(form.Groups["name"].Value, form.Groups["value"] is { Success: true, Value: var value } ? value : null)
        : null;

    /// <summary>
    /// Those required that none of the labels meets. One without a value is met by its name; a number, with k, m, g or t for powers of
    /// 1024 or without, by as much or more; any other value by the same.
    /// </summary>
    public static IReadOnlyList<WorkerLabel> Missing(IEnumerable<WorkerLabel> required, IReadOnlyCollection<WorkerLabel> labels)
    {
        ArgumentNullException.ThrowIfNull(labels);
        return [.. required.Where(label => !labels.Any(label.IsMetBy))];
    }

    /// <inheritdoc/>
    public override string ToString() => Value is null ? Name : $"{Name}={Value}";

    private bool IsMetBy(WorkerLabel has) => Name == has.Name
        && (Value is null || Value == has.Value || (Size(Value) is { } needed && Size(has.Value) is { } size && size >= needed));

    private static double? Size(string? value)
    {
        if (value is not { Length: > 0 })
        {
            return null;
        }

        var power = Units.IndexOf(value[^1], StringComparison.Ordinal) + 1;
        var digits = power > 0 ? value[..^1] : value;
        return double.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            ? number * Math.Pow(1024, power)
            : null;
    }

    [GeneratedRegex(@"\A(?<name>[a-z0-9._-]{1,63})(=(?<value>[a-z0-9._-]{1,63}))?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}

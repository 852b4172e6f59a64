using System.Numerics;
using CnnService.Core.Common;

namespace CnnService.Core.Architecture;

/// <summary>The broken rules of one network; knows whether it was this network that broke them.</summary>
internal sealed class NetworkErrors(ValidationErrors errors, string path)
{
    public int Count { get; private set; }

    public bool Any => Count > 0;

    public void Add(string field, string rule)
    {
        Count++;
        errors.Add((path, field) switch
        {
            ("", _) => field,
            (_, "") => path,
            _ => $"{path}.{field}",
        }, rule);
    }

    /// <summary>Adds the rule unless the condition holds; returns the condition.</summary>
    public bool Require(bool condition, string field, string rule)
    {
        if (!condition)
        {
            Add(field, rule);
        }

        return condition;
    }

    public LayerErrors Layer(int index) => new(this, index);
}

/// <summary>The broken rules of one layer.</summary>
internal readonly struct LayerErrors(NetworkErrors errors, int index)
{
    /// <summary>Adds the rule unless the condition holds; returns the condition.</summary>
    /// <param name="condition">What must hold.</param>
    /// <param name="field">The layer's field; empty: the layer itself.</param>
    /// <param name="rule">The rule and what was received.</param>
    public bool Require(bool condition, string field, string rule) =>
        condition || errors.Require(condition, field.Length == 0 ? $"layers[{index}]" : $"layers[{index}].{field}", rule);

    public bool Between<T>(T low, T high, T value, string field)
        where T : INumber<T> => Require(value >= low && value <= high, field, string.Create(
            System.Globalization.CultureInfo.InvariantCulture, $"must be between {low} and {high}, received {value}"));

    public bool Between(int low, int high, Size2 value, string field) => Require(
        value.Height >= low && value.Height <= high && value.Width >= low && value.Width <= high,
        field,
        $"must be between {low} and {high} each way, received [{value.Height}, {value.Width}]");
}

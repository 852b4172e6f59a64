using System.Text.Json.Serialization;

namespace CnnService.Core.Interpretation.ReceptiveFields;

/// <summary>What part of the image a cell of a layer sees, by the windows on the way to it.</summary>
public sealed record ReceptiveFieldFigures
{
    public required string Model { get; init; }

    public required int Version { get; init; }

    public required string Layer { get; init; }

    /// <summary>Height and width of the network's image.</summary>
    public required IReadOnlyList<int> Image { get; init; }

    /// <summary>Height and width of the layer's map.</summary>
    public required IReadOnlyList<int> Map { get; init; }

    /// <summary>Row and column.</summary>
    public required IReadOnlyList<int> Cell { get; init; }

    /// <summary>True where a cell sees all of it: behind flatten, dense and global pooling layers.</summary>
    public required bool IsWholeImage { get; init; }

    /// <summary>Height and width of what a cell sees, pixels.</summary>
    public required IReadOnlyList<int> Size { get; init; }

    /// <summary>Pixels from a cell to the next, down and to the right; null where each sees the whole image.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<int>? Jump { get; init; }

    /// <summary>Centre of the first cell's field, down and to the right; 0.5 is the middle of the first pixel.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<double>? Start { get; init; }

    /// <summary>What the cell sees; may reach beyond the image into the padding.</summary>
    public required FieldBox Box { get; init; }

    /// <summary>How much each pixel really moves the cell; null where it was not asked for.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public EffectiveField? Effective { get; init; }

    /// <summary>The part of the box inside the image; of no size where the cell sees padding alone.</summary>
    public required FieldBox Inside { get; init; }

    /// <summary>Share of the box that lies inside the image.</summary>
    public double ShareInside => (double)Inside.Width * Inside.Height / ((double)Box.Width * Box.Height);

    /// <summary>Share of the image that the cell sees.</summary>
    public double ShareSeen => (double)Inside.Width * Inside.Height / ((double)Image[0] * Image[1]);

    /// <summary>By the windows on the way to the cell; nothing is measured.</summary>
    public static ReceptiveFieldFigures Of(ReceptiveFieldPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var (model, layer, input) = (plan.Model, plan.Layer, plan.Model.Network.Spec.Input);
        var box = FieldBox.Compute(layer, input, plan.Cell.Y, plan.Cell.X);
        return new()
        {
            Model = model.Name,
            Version = model.Version,
            Layer = layer.Name,
            Image = [input.Height, input.Width],
            Map = [plan.Map.Height, plan.Map.Width],
            Cell = [plan.Cell.Y, plan.Cell.X],
            IsWholeImage = layer.Field is null,
            Size = [box.Height, box.Width],
            Jump = layer.Field is { Jump: var jump } ? [jump.Height, jump.Width] : null,
            Start = layer.Field is { } field ? [field.StartY, field.StartX] : null,
            Box = box,
            Inside = box.Within(input.Width, input.Height),
        };
    }
}

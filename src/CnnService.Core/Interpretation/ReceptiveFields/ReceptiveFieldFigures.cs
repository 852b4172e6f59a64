using System.Text.Json.Serialization;
using CnnService.Core.Interpretation.Layers;

namespace CnnService.Core.Interpretation.ReceptiveFields;

/// <summary>Theoretical receptive field of a cell, computed from kernels, strides and paddings.</summary>
public sealed record ReceptiveFieldFigures
{
    public required string Model { get; init; }

    public required int Version { get; init; }

    public required string Layer { get; init; }

    /// <summary>Height and width of the network's input.</summary>
    public required IReadOnlyList<int> Image { get; init; }

    /// <summary>Height and width of the feature map.</summary>
    public required IReadOnlyList<int> Map { get; init; }

    /// <summary>Row and column of the cell.</summary>
    public required IReadOnlyList<int> Cell { get; init; }

    /// <summary>True if every cell depends on the whole image: behind flatten, dense and global pooling layers.</summary>
    public required bool IsWholeImage { get; init; }

    /// <summary>Height and width of the receptive field in pixels.</summary>
    public required IReadOnlyList<int> Size { get; init; }

    /// <summary>Pixels between neighbouring cells, down and to the right; null if each depends on the whole image.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<int>? Jump { get; init; }

    /// <summary>
    /// Centre of the first cell's receptive field in pixels, down and to the right; 0.5 is the middle of the first pixel. Null if each
    /// depends on the whole image.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<double>? Start { get; init; }

    /// <summary>The receptive field; may extend beyond the image into the padding.</summary>
    public required FieldBox Box { get; init; }

    /// <summary>Effective receptive field; null unless requested.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public EffectiveField? Effective { get; init; }

    /// <summary>The part of the box inside the image; of size 0 if the cell sees padding only.</summary>
    public required FieldBox Inside { get; init; }

    /// <summary>Share of the receptive field that lies inside the image, 0–1.</summary>
    public double ShareInside => (double)Inside.Width * Inside.Height / ((double)Box.Width * Box.Height);

    /// <summary>Share of the image that the receptive field covers, 0–1.</summary>
    public double ShareSeen => (double)Inside.Width * Inside.Height / ((double)Image[0] * Image[1]);

    /// <summary>The theoretical receptive field of a plan's cell; nothing is measured.</summary>
    public static ReceptiveFieldFigures Compute(ReceptiveFieldPlan plan)
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

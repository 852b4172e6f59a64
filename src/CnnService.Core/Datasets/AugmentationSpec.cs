using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using CnnService.Core.Common;

namespace CnnService.Core.Datasets;

/// <summary>Random changes of the training pictures; all zero: none. Preset <c>article</c> is what the article used.</summary>
public sealed record AugmentationSpec : IJsonReadable<AugmentationSpec>
{
    /// <summary>Degrees either way, 0 to 180.</summary>
    public double Rotation { get; init; }

    /// <summary>Share of the width either way, 0 to 1.</summary>
    public double WidthShift { get; init; }

    /// <summary>Share of the height either way, 0 to 1.</summary>
    public double HeightShift { get; init; }

    /// <summary>Shear, 0 to 1 (tangent of the angle) either way.</summary>
    public double Shear { get; init; }

    /// <summary>Zoom drawn from 1-zoom to 1+zoom, for width and height apart, 0 up to 1.</summary>
    public double Zoom { get; init; }

    public bool HorizontalFlip { get; init; }

    public bool VerticalFlip { get; init; }

    /// <summary>Factor drawn from 1-b to 1+b, 0 up to 1.</summary>
    public double Brightness { get; init; }

    public double Contrast { get; init; }

    public double Saturation { get; init; }

    /// <summary>Side of the square set to the mean colour, as a share of the picture's side, 0 to 1.</summary>
    public double Cutout { get; init; }

    public FillMode Fill { get; init; } = FillMode.Edge;

    public static AugmentationSpec None { get; } = new();

    public static AugmentationSpec Article { get; } = new()
    {
        Rotation = 40,
        WidthShift = 0.2,
        HeightShift = 0.2,
        Shear = 0.2,
        Zoom = 0.2,
        HorizontalFlip = true,
    };

    /// <summary>The article's, milder in its geometry, with colours and a cutout besides.</summary>
    public static AugmentationSpec Strong { get; } = new()
    {
        Rotation = 20,
        WidthShift = 0.15,
        HeightShift = 0.15,
        Shear = 0.15,
        Zoom = 0.25,
        HorizontalFlip = true,
        Brightness = 0.3,
        Contrast = 0.3,
        Saturation = 0.3,
        Cutout = 0.3,
        Fill = FillMode.Reflect,
    };

    /// <summary>The field <c>augmentation</c>: a preset's name or an object.</summary>
    public static AugmentationSpec? Read(JsonElement json, ValidationErrors errors)
    {
        ArgumentNullException.ThrowIfNull(errors);
        if (json.ValueKind == JsonValueKind.Object)
        {
            var spec = JsonFields.Read<AugmentationSpec>(json, errors)!; // Nothing is required.
            AugmentationRules.Check(spec, errors);
            return errors.Any ? null : spec;
        }

        if (JsonFields.Text(json) is { } name && TryFind(name, out var preset))
        {
            return preset;
        }

        errors.Add(string.Empty, $"must be \"none\", \"article\", \"strong\" or an object, received {Received.Json(json)}");
        return null;
    }

    /// <summary>A preset by its name: none, article or strong.</summary>
    public static bool TryFind(string name, [NotNullWhen(true)] out AugmentationSpec? preset)
    {
        preset = name switch
        {
            "none" => None,
            "article" => Article,
            "strong" => Strong,
            _ => null,
        };
        return preset is not null;
    }
}

/// <summary>What stands outside a shifted picture.</summary>
public enum FillMode
{
    Edge,
    Reflect,
    Zeros,
}

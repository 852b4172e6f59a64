using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using CnnService.Core.Common;

namespace CnnService.Core.Datasets;

/// <summary>
/// Random augmentation of the training images; all zero: none. <c>{ "preset": "article" }</c> has the article's settings, and the fields
/// beside it replace its own.
/// </summary>
public sealed record AugmentationSpec : IJsonReadable<AugmentationSpec>
{
    private const string PresetField = "preset";

    /// <summary>Maximum rotation in either direction, degrees, 0 to 180.</summary>
    public double Rotation { get; init; }

    /// <summary>Maximum horizontal shift in either direction, as a share of the width, 0 to 1.</summary>
    public double WidthShift { get; init; }

    /// <summary>Maximum vertical shift in either direction, as a share of the height, 0 to 1.</summary>
    public double HeightShift { get; init; }

    /// <summary>Maximum shear in either direction, as the tangent of the angle, 0 to 1.</summary>
    public double Shear { get; init; }

    /// <summary>Zoom is drawn from 1-zoom to 1+zoom, independently for width and height; 0 up to, not including, 1.</summary>
    public double Zoom { get; init; }

    public bool HorizontalFlip { get; init; }

    public bool VerticalFlip { get; init; }

    /// <summary>Brightness factor is drawn from 1-b to 1+b; 0 up to, not including, 1.</summary>
    public double Brightness { get; init; }

    public double Contrast { get; init; }

    public double Saturation { get; init; }

    /// <summary>Side of the square filled with the mean colour, as a share of the image's side, 0 to 1.</summary>
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

    /// <summary>The article's settings with milder geometry, plus colour jitter and cutout.</summary>
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
            return ReadFields(json, errors);
        }

        if (JsonFieldReader.Text(json) is { } name && TryFind(name, out var preset))
        {
            return preset;
        }

        errors.Add(string.Empty, $"must be \"none\", \"article\", \"strong\" or an object, received {ReceivedText.Json(json)}");
        return null;
    }

    private static AugmentationSpec? ReadFields(JsonElement json, ValidationErrors errors)
    {
        var usual = None;
        if (json.TryGetProperty(PresetField, out var named) && named.ValueKind != JsonValueKind.Null)
        {
            errors.Require(JsonFieldReader.Text(named) is { } name && TryFind(name, out usual), PresetField,
                $"must be \"none\", \"article\" or \"strong\", received {ReceivedText.Json(named)}");
        }

        // Never null: no field is required.
        var spec = (AugmentationSpec)JsonFieldReader.Read(typeof(AugmentationSpec), json, [PresetField], errors, usual)!;
        AugmentationRules.Check(spec, errors);
        return errors.Any ? null : spec;
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

/// <summary>Content of the area outside a transformed image.</summary>
public enum FillMode
{
    Edge,
    Reflect,
    Zeros,
}

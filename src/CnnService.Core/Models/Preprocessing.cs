using System.Text.Json;
using System.Text.Json.Serialization;
using CnnService.Core.Architecture;
using CnnService.Core.Common;

namespace CnnService.Core.Models;

/// <summary>
/// Converts image bytes to network input: the image is stretched to the input size, then each channel c becomes
/// <c>(byte*scale - mean[c]) / std[c]</c>, planes in <c>channelOrder</c>; then <c>matrix</c>, if there is one, mixes the channels of each
/// pixel. Where there is a mean image, each pixel's own mean takes the place of <c>mean[c]</c>. Stored with the model, so that serving
/// repeats it exactly.
/// </summary>
public sealed record Preprocessing
{
    /// <summary>Key of the preprocessing in the metadata of exported ONNX and safetensors files: a JSON object.</summary>
    public const string MetadataKey = "cnnservice.preprocessing";

    public required NormalizationKind Normalization { get; init; }

    /// <summary>Factor on each byte, usually 1/255 or 1.</summary>
    public required double Scale { get; init; }

    /// <summary>One per channel, in the order of the planes, after scaling.</summary>
    public required IReadOnlyList<double> Mean { get; init; }

    public required IReadOnlyList<double> Std { get; init; }

    public ChannelOrder ChannelOrder { get; init; } = ChannelOrder.Rgb;

    /// <summary>3x3, row by row: plane r becomes the sum of <c>Matrix[r][c]</c> times plane c. Null: planes are not mixed.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<IReadOnlyList<double>>? Matrix { get; init; }

    /// <summary>
    /// A mean for each pixel, of the size of the network's input; <see cref="Mean"/> are then its channels' means. Null: none.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public MeanImage? MeanImage { get; init; }

    /// <summary>The same without the values of the mean image.</summary>
    public Preprocessing Describe() => MeanImage is null ? this : this with { MeanImage = MeanImage.Describe() };

    /// <summary>Whether it can be applied to a network's input: a mean image has its size.</summary>
    public bool Fits(InputSpec input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return Mean.Count == input.Channels && (MeanImage is null || (MeanImage.Height == input.Height && MeanImage.Width == input.Width));
    }

    /// <summary>Whether its values are valid for images with this many channels; one that was read from a file may hold anything.</summary>
    public bool IsValidFor(int channels) =>
        double.IsFinite(Scale) && Scale > 0
        && Mean is not null && Mean.Count == channels && Mean.All(double.IsFinite)
        && Std is not null && Std.Count == channels && Std.All(value => double.IsFinite(value) && value > 0)
        && (ChannelOrder == ChannelOrder.Rgb || channels == 3)
        && (MeanImage is null || MeanImage.IsValidFor(channels))
        && (Matrix is null || (channels == 3 && Matrix.Count == 3 && Matrix.All(row => row is { Count: 3 } && row.All(double.IsFinite))));

    /// <summary>
    /// Reads one that this service wrote into the metadata of a file; null where it is absent, unsound, or for other images.
    /// </summary>
    /// <param name="json">As written by <see cref="ToMetadata"/>; null: absent.</param>
    /// <param name="input">The network's input.</param>
    public static Preprocessing? FromMetadata(string? json, InputSpec input)
    {
        ArgumentNullException.ThrowIfNull(input);
        try
        {
            var read = json is null ? null : JsonSerializer.Deserialize<Preprocessing>(json, CoreJson.Options);
            return read is not null && read.IsValidFor(input.Channels) && read.Fits(input) ? read : null;
        }
        catch (JsonException)
        {
            return null; // Not written by this service: ignored.
        }
    }

    /// <summary>The same with a further image subtracted from its result.</summary>
    /// <param name="image">In the order of the planes, of the size of the network's input.</param>
    /// <exception cref="InvalidOperationException">It mixes channels.</exception>
    public Preprocessing Subtract(MeanImage image)
    {
        ArgumentNullException.ThrowIfNull(image);
        if (Matrix is not null)
        {
            throw new InvalidOperationException("What mixes channels has no mean image behind it.");
        }

        var area = image.Height * image.Width;
        var values = image.Values.ToArray();
        for (var i = 0; i < values.Length; i++)
        {
            var own = MeanImage is { } before ? before.Values[i] : Mean[i / area];
            values[i] = (float)(own + (Std[i / area] * values[i]));
        }

        return this with
        {
            Normalization = NormalizationKind.Custom,
            Mean = [.. values.Chunk(area).Select(plane => plane.Average(value => (double)value))],
            MeanImage = MeanImage.Create(values, image.Height, image.Width),
        };
    }

    /// <summary>The text kept in the metadata of files under <see cref="MetadataKey"/>.</summary>
    public string ToMetadata() => JsonSerializer.Serialize(this, CoreJson.Options);

    /// <summary>
    /// Creates the preprocessing of a normalization; the data set's statistics are used by <c>standardize</c> and <c>whiten</c> only.
    /// </summary>
    /// <param name="kind">Any but <c>custom</c>; <c>whiten</c> without a covariance, as for grey images, is <c>standardize</c>.</param>
    /// <param name="channels">1 or 3.</param>
    /// <param name="datasetMean">0–1, one per channel.</param>
    /// <param name="datasetStd">0–1, one per channel; a floor of 1e-3 prevents division by zero.</param>
    /// <param name="datasetCovariance">Of the three channels, values 0–1; null: unknown.</param>
    public static Preprocessing Create(
        NormalizationKind kind,
        int channels,
        IReadOnlyList<double> datasetMean,
        IReadOnlyList<double> datasetStd,
        IReadOnlyList<IReadOnlyList<double>>? datasetCovariance = null) => kind switch
        {
            NormalizationKind.Rescale => new()
            {
                Normalization = kind,
                Scale = 1 / 255.0,
                Mean = new double[channels],
                Std = [.. Enumerable.Repeat(1.0, channels)],
            },
            NormalizationKind.Whiten when datasetCovariance is not null => new()
            {
                Normalization = kind,
                Scale = 1 / 255.0,
                Mean = datasetMean,
                Std = [.. Enumerable.Repeat(1.0, channels)],
                Matrix = ColorWhitening.Matrix(datasetCovariance),
            },
            NormalizationKind.Standardize or NormalizationKind.Whiten => new()
            {
                Normalization = kind,
                Scale = 1 / 255.0,
                Mean = datasetMean,
                Std = [.. datasetStd.Select(s => Math.Max(s, 1e-3))],
            },
            NormalizationKind.Imagenet => new()
            {
                Normalization = kind,
                Scale = 1 / 255.0,
                Mean = channels == 3 ? [0.485, 0.456, 0.406] : [0.449],
                Std = channels == 3 ? [0.229, 0.224, 0.225] : [0.226],
            },
            NormalizationKind.Caffe => new()
            {
                Normalization = kind,
                Scale = 1,
                Mean = channels == 3 ? [103.939, 116.779, 123.68] : [116.0],
                Std = [.. Enumerable.Repeat(1.0, channels)],
                ChannelOrder = channels == 3 ? ChannelOrder.Bgr : ChannelOrder.Rgb,
            },
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "is not a normalization"),
        };
}

/// <summary>How image bytes are normalized.</summary>
public enum NormalizationKind
{
    /// <summary>Divide by 255.</summary>
    Rescale,

    /// <summary>Subtract the data set's channel mean, divide by its standard deviation.</summary>
    Standardize,

    /// <summary>ZCA colour whitening: the data set's colours become uncorrelated with unit deviation; grey images as standardize.</summary>
    Whiten,

    /// <summary>Channel mean and standard deviation of ImageNet.</summary>
    Imagenet,

    /// <summary>BGR, 0–255, minus 103.939, 116.779, 123.68.</summary>
    Caffe,

    /// <summary>Custom numbers of an imported network.</summary>
    Custom,
}

/// <summary>Order of the colour planes.</summary>
public enum ChannelOrder
{
    Rgb,
    Bgr,
}

using System.Text.Json.Serialization;

namespace CnnService.Core.Models;

/// <summary>
/// How far a version's probabilities can be trusted: they are those of its logits divided by the temperature, which was fitted on one half
/// of the validation images; the errors were measured on the other half.
/// </summary>
public sealed record VersionCalibration
{
    /// <summary>Above 0; 1 leaves the probabilities as they are, larger ones make them less sure.</summary>
    public required double Temperature { get; init; }

    /// <summary>Expected calibration error without the temperature: mean distance of confidence and accuracy, 0–1.</summary>
    public required double EceBefore { get; init; }

    /// <summary>The same with the temperature.</summary>
    public required double EceAfter { get; init; }

    /// <summary>Number of images that the temperature was fitted on.</summary>
    public required int FittedOn { get; init; }

    /// <summary>Number of images that the errors were measured on.</summary>
    public required int JudgedOn { get; init; }

    /// <summary>How images that are none of the classes are told; null where the version cannot tell.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public UnknownRule? Unknown { get; init; }

    /// <summary>The images by the probability of their predicted class, without the temperature.</summary>
    public required IReadOnlyList<ReliabilityBin> Before { get; init; }

    /// <summary>The same with the temperature.</summary>
    public required IReadOnlyList<ReliabilityBin> After { get; init; }
}

/// <summary>When an image counts as known.</summary>
/// <param name="Method">The measure of familiarity: <c>nearest-neighbour</c>.</param>
/// <param name="Threshold">Familiarity, 0–1, from which on an image is known.</param>
/// <param name="KnownShare">Share of validation images, other than those that the threshold was chosen on, that are known.</param>
public sealed record UnknownRule(string Method, double Threshold, double KnownShare);

/// <summary>Images whose predicted class has a probability in one part of 0–1.</summary>
/// <param name="Images">Their number; 0: the other values are 0.</param>
/// <param name="Confidence">Mean probability of the predicted class.</param>
/// <param name="Accuracy">Share of them that is predicted right.</param>
public sealed record ReliabilityBin(int Images, double Confidence, double Accuracy);

using CnnService.Core.Datasets;
using CnnService.Core.Datasets.Health;

namespace CnnService.Web.Features.Datasets;

/// <summary>What is wrong with the images of a data set.</summary>
internal sealed record HealthResource
{
    public required string Dataset { get; init; }

    /// <summary>Changes when the images or labels do.</summary>
    public required string Digest { get; init; }

    public required int Images { get; init; }

    /// <summary>In plain language, what spoils a training most first; empty where nothing is wrong.</summary>
    public required IReadOnlyList<HealthFinding> Findings { get; init; }

    /// <summary>The classes and their number of images.</summary>
    public required IReadOnlyList<ClassBalance> Classes { get; init; }

    /// <summary>Counts over all groups of duplicates.</summary>
    public required DuplicateCounts Duplicates { get; init; }

    /// <summary>Groups of images that are the same, those across classes and splits first.</summary>
    public required IReadOnlyList<DuplicateGroupResource> Groups { get; init; }

    /// <summary>Number of images with each fault.</summary>
    public required IReadOnlyList<FaultCount> FaultCounts { get; init; }

    /// <summary>The images with a fault.</summary>
    public required IReadOnlyList<FaultyImageResource> Faults { get; init; }

    /// <summary>What the model says of the labels; null where none was named.</summary>
    public LabelDoubtsResource? Labels { get; init; }

    /// <summary>Where the search was bounded, so that something may be missing.</summary>
    public required IReadOnlyList<string> Notes { get; init; }

    /// <summary>Address of the same as a sheet of images.</summary>
    public required string Sheet { get; init; }

    /// <param name="health">The report.</param>
    /// <param name="entries">Entries of each list.</param>
    /// <param name="sheet">Address of the sheet.</param>
    public static HealthResource From(DatasetHealth health, int entries, string sheet)
    {
        HealthImageResource Image(HealthImage image) => HealthImageResource.From(health.Dataset, image);
        return new()
        {
            Dataset = health.Dataset,
            Digest = health.Digest,
            Images = health.Images,
            Findings = HealthFindings.Tell(health),
            Classes = health.Classes,
            Duplicates = health.Duplicates,
            Groups = [.. health.Groups.Take(entries).Select(group => new DuplicateGroupResource(
                group.IsExact, group.Similarity, group.Count, group.AcrossSplits, group.AcrossClasses, [.. group.Images.Select(Image)]))],
            FaultCounts = health.FaultCounts,
            Faults = [.. health.Faults.GroupBy(one => one.Fault).SelectMany(kind => kind.Take(entries))
                .Select(one => new FaultyImageResource(one.Fault, one.Reason, Image(one.Image)))],
            Labels = health.Labels is { } labels
                ? new(labels.Model, labels.Version, labels.Evidence, labels.Judged, labels.Doubted, labels.Agreement,
                    [.. labels.Ranked.Take(entries).Select(one => new DoubtedLabelResource(
                        Image(one.Image), one.Suggested, one.Probability, one.SuggestedProbability, one.IsDoubted))],
                    labels.Notes)
                : null,
            Notes = health.Notes,
            Sheet = sheet,
        };
    }
}

/// <summary>An image that a finding names.</summary>
internal sealed record HealthImageResource(string Id, Split Split, string Class, string Source, string Url)
{
    public static HealthImageResource From(string dataset, HealthImage image) =>
        new(image.Id, image.Split, image.Class, image.Source, $"/datasets/{dataset}/images/{image.Id}");
}

/// <summary>Images that are the same one.</summary>
/// <param name="IsExact">True where the files are equal.</param>
/// <param name="Similarity">The smallest correlation by which one of them was found, up to 1.</param>
/// <param name="Count">Number of images in the group.</param>
/// <param name="AcrossSplits">True where they are in more than one split.</param>
/// <param name="AcrossClasses">True where they are in more than one class.</param>
/// <param name="Images">At most 50 of them.</param>
internal sealed record DuplicateGroupResource(
    bool IsExact, double Similarity, int Count, bool AcrossSplits, bool AcrossClasses, IReadOnlyList<HealthImageResource> Images);

/// <summary>An image with a fault.</summary>
internal sealed record FaultyImageResource(ImageFault Fault, string Reason, HealthImageResource Image);

/// <summary>What a model says of the labels.</summary>
/// <param name="Model">Name of the model.</param>
/// <param name="Version">From 1.</param>
/// <param name="Evidence">What the labels were judged by.</param>
/// <param name="Judged">Number of labels that were judged.</param>
/// <param name="Doubted">Number of labels that it speaks clearly against.</param>
/// <param name="Agreement">Share of the labels that are its first choice, 0–1.</param>
/// <param name="Ranked">The most doubtful first.</param>
/// <param name="Notes">How far this can be trusted.</param>
internal sealed record LabelDoubtsResource(
    string Model, int Version, LabelEvidence Evidence, int Judged, int Doubted, double Agreement,
    IReadOnlyList<DoubtedLabelResource> Ranked, IReadOnlyList<string> Notes);

/// <summary>A label in doubt.</summary>
/// <param name="Image">The image, with the class it is labelled with.</param>
/// <param name="Suggested">The most probable other class.</param>
/// <param name="Probability">Of the class it is labelled with, 0–1.</param>
/// <param name="SuggestedProbability">Of the suggested class, 0–1.</param>
/// <param name="IsDoubted">True where the model speaks clearly against the label.</param>
internal sealed record DoubtedLabelResource(
    HealthImageResource Image, string Suggested, double Probability, double SuggestedProbability, bool IsDoubted);

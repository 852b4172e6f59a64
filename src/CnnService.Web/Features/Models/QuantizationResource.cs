using CnnService.Core.Models.Quantization;
using CnnService.Web.Api;
using CnnService.Web.Persistence;

namespace CnnService.Web.Features.Models;

/// <summary>A version in 8-bit integers beside float32; fields without a value yet are null.</summary>
internal sealed record QuantizationResource
{
    public required WorkState State { get; init; }

    /// <summary>Images judged so far.</summary>
    public int Done { get; init; }

    /// <summary>Images to judge.</summary>
    public int Total { get; init; }

    /// <summary>With its revision.</summary>
    public string? Dataset { get; init; }

    public string? Method { get; init; }

    public int? QuantizedLayers { get; init; }

    /// <summary>ONNX operators that stay in float32.</summary>
    public IReadOnlyList<string>? LeftInFloat { get; init; }

    public PrecisionFigures? Accuracy { get; init; }

    /// <summary>Share of images with the same class.</summary>
    public double? Agreement { get; init; }

    /// <summary>In batches of 8; the reason has those one by one.</summary>
    public PrecisionFigures? ImagesPerSecond { get; init; }

    /// <summary>The temperature fitted anew.</summary>
    public double? Temperature { get; init; }

    public double? MaxAccuracyLoss { get; init; }

    /// <summary>Whether it may be served.</summary>
    public bool? Accepted { get; init; }

    public string? Reason { get; init; }

    public Failure? Failure { get; init; }

    /// <param name="row">The newest quantization; null where the database has none.</param>
    /// <param name="stored">The report in the version's folder; null if there is none.</param>
    public static QuantizationResource From(QuantizationRow? row, QuantizationReport? stored)
    {
        var report = row is null or { Work.State: WorkState.Succeeded } ? stored : null;
        return new()
        {
            State = row?.Work.State ?? WorkState.Succeeded,
            Done = row?.Done ?? report?.Images ?? 0,
            Total = row?.Total ?? report?.Images ?? 0,
            Dataset = row is null ? null : new Core.Datasets.DatasetReference(row.Dataset, row.DatasetRevision).ToString(),
            Method = report?.Method,
            QuantizedLayers = report?.QuantizedLayers,
            LeftInFloat = report?.LeftInFloat,
            Accuracy = report?.Accuracy,
            Agreement = report?.Agreement,
            ImagesPerSecond = report?.ImagesPerSecond,
            Temperature = report?.Calibration?.Temperature,
            MaxAccuracyLoss = row?.MaxAccuracyLoss ?? report?.MaxAccuracyLoss,
            Accepted = report?.Accepted,
            Reason = report?.Reason,
            Failure = Failure.From(row?.Work.Failure),
        };
    }
}

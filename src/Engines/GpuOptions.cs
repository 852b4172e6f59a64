using System.ComponentModel.DataAnnotations;

namespace CnnService.Engines;

/// <summary>Who may take how much of a GPU's memory where training and serving share it, section <c>Gpu</c>.</summary>
internal sealed class GpuOptions : IValidatableObject
{
    public const string Section = "Gpu";

    /// <summary>Share of a training, 0 to 1. Default: 0.6 in a service that trains and serves; all of it in a worker alone.</summary>
    [Range(0, 1)]
    public double? TrainingShare { get; set; }

    /// <summary>
    /// Share of each published version, and of all by the size of their files, 0 to 1. Default 0.25; without training 0.68.
    /// </summary>
    [Range(0, 1)]
    public double? ServingShare { get; set; }

    /// <summary>Share of patterns and films, 0 to 1; 0: they stay on the processor. Default 0.1; without training 0.27.</summary>
    [Range(0, 1)]
    public double? DrawingShare { get; set; }

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) =>
        (TrainingShare ?? 0) + (ServingShare ?? 0) + (DrawingShare ?? 0) is var sum && sum > 1
            ? [new ValidationResult($"{Section}:{nameof(TrainingShare)}, {nameof(ServingShare)} and {nameof(DrawingShare)} together must "
                + $"be at most 1, received {sum}.")]
            : [];
}

using System.Text.Json.Serialization;
using CnnService.Core.Architecture;
using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Models;
using CnnService.Core.Training.Transfer;

namespace CnnService.Core.Training;

/// <summary>
/// Everything that a training run depends on, resolved and validated: the file <c>plan.json</c> in the run's folder. The same plan on the
/// same device and thread count gives the same weights. Immutable.
/// </summary>
public sealed record TrainingPlan
{
    public int Format { get; init; } = 1;

    public required string RunId { get; init; }

    /// <summary>The data set's folder.</summary>
    public required string DatasetFolder { get; init; }

    public required string Dataset { get; init; }

    /// <summary>Number of the data set's revision.</summary>
    public int DatasetRevision { get; init; } = 1;

    public required string DatasetDigest { get; init; }

    /// <summary>Class names in label order.</summary>
    public required IReadOnlyList<string> Classes { get; init; }

    /// <summary>How many labels an image has.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public DatasetTask Task { get; init; }

    /// <summary>A preset's name or "custom".</summary>
    public required string Architecture { get; init; }

    /// <summary>With names and units filled in.</summary>
    public required NetworkSpec Network { get; init; }

    public required Preprocessing Preprocessing { get; init; }

    /// <summary>The model whose weights it starts from; null: random initialization.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public StartingPoint? StartFrom { get; init; }

    /// <summary>Layers whose weights and statistics are not trained; null: none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Frozen { get; init; }

    /// <summary>Learning rate factors by layer, above 0; other layers use the rate itself. Null: all layers do.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, double>? RateFactors { get; init; }

    /// <summary>
    /// A classifier that is fitted to the features of the start, which takes the place of training in steps; null: it is trained.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public FittedClassifier? Classifier { get; init; }

    /// <summary>Trains the end of the start after the classifier has been fitted; null: it is left as it is.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public FineTuning? FineTuning { get; init; }

    /// <summary>The time it may take, for which the training ends early; null: any.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public RunBudget? Budget { get; init; }

    /// <summary>
    /// Folder in which features of images are kept for the next time; null: they are not. Does not affect what is learned.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? FeatureCache { get; init; }

    /// <summary>How fast the machine was measured to be; null: it was not. Does not affect what is learned.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public MachineSpeed? Speed { get; init; }

    /// <summary>1 to 10,001: the fit of a classifier counts as the first.</summary>
    public int Epochs { get; init; } = 30;

    /// <summary>Images per step, 1 to 4096.</summary>
    public int BatchSize { get; init; } = 32;

    /// <summary>0 to 2^53-1; determines initial weights, order, augmentation and dropout.</summary>
    public long Seed { get; init; } = 42;

    public OptimizerSpec Optimizer { get; init; } = new();

    public ScheduleSpec Schedule { get; init; } = new();

    public AugmentationSpec Augmentation { get; init; } = AugmentationSpec.None;

    /// <summary>Alpha of mixup's Beta distribution (Zhang et al., 2018), 0 to 10; 0: no mixup.</summary>
    public double Mixup { get; init; }

    /// <summary>Share of a label's probability that is spread evenly over all classes, 0 up to, not including, 1.</summary>
    public double LabelSmoothing { get; init; }

    /// <summary>
    /// Weight of each class in the loss, in label order, above 0; of several labels an image, of the images that have the class against
    /// those that have not. Null: all equal.
    /// </summary>
    public IReadOnlyList<double>? ClassWeights { get; init; }

    /// <summary>Maximum norm of the gradient over all parameters, above 0; null: no clipping.</summary>
    public double? GradientClip { get; init; }

    /// <summary>Epochs between validations, from 1; the last epoch is always validated.</summary>
    public int ValidateEvery { get; init; } = 1;

    public Precision Precision { get; init; } = Precision.Auto;

    public DeviceChoice Device { get; init; } = DeviceChoice.Auto;

    public EarlyStoppingSpec? EarlyStopping { get; init; }

    /// <summary>Labels that the worker must meet, <c>gpu</c> for a run on a GPU among them; null: any worker may take it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Requires { get; init; }

    /// <summary>Threads of the tensor library; 0: all cores.</summary>
    public int Threads { get; init; }

    /// <summary>Maximum time between two checkpoints within an epoch; one is also written after each epoch.</summary>
    public TimeSpan CheckpointEvery { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// Budget for the weight snapshots that films are rendered from, bytes; null: none are kept. Does not affect what is learned.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? SnapshotBytes { get; init; }

    /// <summary>The plan as it is carried out, of one that was read from its file. Problem code: <c>request.invalid</c>.</summary>
    public Outcome<PlannedTraining> Resolve()
    {
        var errors = new ValidationErrors();
        return errors.ToOutcome(NetworkSpecValidator.Resolve(
                Network, Classes.Count, errors, "network", allowsMultiLabel: Task == DatasetTask.MultiLabel))
            .Map(network => new PlannedTraining(this, network));
    }
}

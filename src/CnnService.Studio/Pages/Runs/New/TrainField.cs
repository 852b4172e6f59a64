namespace CnnService.Studio.Pages.Runs.New;

/// <summary>A field of a training request that is a number, a word or a name.</summary>
/// <param name="Name">In the request: <c>epochs</c>, <c>optimizer.learningRate</c>.</param>
/// <param name="Label">For people.</param>
/// <param name="Help">What it does, with its unit and range.</param>
/// <param name="Choices">Words that it may have; null: a number or free text.</param>
/// <param name="IsNumber">Whether it is a number.</param>
internal sealed record TrainField(string Name, string Label, string Help, string[]? Choices = null, bool IsNumber = false)
{
    /// <summary>Those that people set, in groups.</summary>
    public static IReadOnlyList<(string Title, TrainField[] Fields)> Groups { get; } =
    [
        ("How long", [
            new("epochs", "Epochs", "Times that every image is seen", IsNumber: true),
            new("batchSize", "Batch size", "Images in a step", IsNumber: true),
            new("earlyStopping.patience", "Patience", "Epochs without gain after which it stops", IsNumber: true),
            new("timeBudget", "Time budget", "Most time until the model is there: 00:10:00 for ten minutes"),
            new("seed", "Seed", "The same seed gives the same run", IsNumber: true),
        ]),
        ("The network", [
            new("architecture", "Architecture", "A preset; recipes with a pretrained start bring their own",
                ["article-cnn", "article-cnn-bn", "lenet5", "vgg11", "vgg16", "squeezenet1.1", "resnet18"]),
            new("imageSize", "Image size", "Side that images are brought to, in pixels", IsNumber: true),
            new("normalization", "Normalization", "How pixels become numbers", ["rescale", "standardize", "whiten", "imagenet", "caffe"]),
            new("model", "Name of the model", "Gets the new version; default: the data set's name"),
        ]),
        ("How it learns", [
            new("fineTuning.share", "Share fine-tuned", "Of a pretrained network, from its end; 0.25 in the recipe best", IsNumber: true),
            new("optimizer.name", "Optimizer", "How weights follow gradients", ["adam", "adamw", "sgd", "rmsprop"]),
            new("optimizer.learningRate", "Learning rate", "Length of a step; 0.0001 to 0.001 is usual", IsNumber: true),
            new("optimizer.weightDecay", "Weight decay", "Pulls weights to zero", IsNumber: true),
            new("schedule.name", "Schedule", "How the learning rate changes",
                ["constant", "step", "cosine", "oneCycle", "reduceOnPlateau"]),
            new("augmentation", "Augmentation", "Changed copies of images, against learning by heart", ["none", "article", "strong"]),
            new("labelSmoothing", "Label smoothing", "0 to below 1", IsNumber: true),
            new("mixup", "Mixup", "0: off", IsNumber: true),
            new("gradientClip", "Gradient clip", "Largest norm of a gradient", IsNumber: true),
        ]),
        ("The machine", [
            new("device", "Device", "Where it is computed", ["auto", "cpu", "cuda"]),
            new("precision", "Precision", "Of the numbers", ["auto", "float32", "bfloat16"]),
            new("validateEvery", "Validate every", "Epochs between validations", IsNumber: true),
            new("snapshotMebibytes", "Room for the film", "MiB for the weights of every epoch", IsNumber: true),
        ]),
    ];
}

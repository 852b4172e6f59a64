namespace CnnService.Core.Architecture;

/// <summary>
/// How the receptive field grows from layer to layer (Araujo, Norris and Sim, "Computing receptive fields of
/// convolutional neural networks", 2019). The part outside the picture, in the padding, counts too.
/// </summary>
public static class ReceptiveFields
{
    /// <summary>A pixel sees itself.</summary>
    public static ReceptiveField Picture { get; } = new(new(1, 1), new(1, 1), 0.5, 0.5);

    /// <summary>The field of a layer's cells; null where a cell sees the whole picture.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="inputs">The fields of what it takes.</param>
    /// <param name="padding">Its explicit padding.</param>
    public static ReceptiveField? Next(LayerSpec layer, IReadOnlyList<ReceptiveField?> inputs, Padding2 padding)
    {
        ArgumentNullException.ThrowIfNull(layer);
        ArgumentNullException.ThrowIfNull(inputs);
        return layer is FlattenLayer or DenseLayer or GlobalPoolingLayer or OnnxGraphLayer
            ? null
            : inputs.Aggregate(Join) is not { } field ? null
            : Window.Of(layer) is not { } window ? field
            : Slide(field, window with { Padding = padding });
    }

    private static ReceptiveField? Slide(ReceptiveField field, Window window)
    {
        var vertical = Axis.OfRows(field).Slide(window.Span.Height, window.Strides.Height, window.Padding.Top);
        var horizontal = Axis.OfColumns(field).Slide(window.Span.Width, window.Strides.Width, window.Padding.Left);
        return Of(vertical, horizontal);
    }

    /// <summary>The smallest box round both. Paths of different jumps drift apart: their cells share no one box.</summary>
    private static ReceptiveField? Join(ReceptiveField? one, ReceptiveField? other) =>
        one is null || other is null || one.Jump != other.Jump
            ? null
            : Of(Axis.OfRows(one).Join(Axis.OfRows(other)), Axis.OfColumns(one).Join(Axis.OfColumns(other)));

    // A window on a map of one cell may still stride: after enough layers the box outgrows every picture.
    private static ReceptiveField? Of(Axis rows, Axis columns) => rows.IsCountable && columns.IsCountable
        ? new(
            new((int)rows.Size, (int)columns.Size),
            new((int)rows.Jump, (int)columns.Jump),
            rows.Low + (rows.Size / 2.0),
            columns.Low + (columns.Size / 2.0))
        : null;

    /// <summary>One direction: the field of cell 0 starts at pixel <c>Low</c> and is <c>Size</c> pixels long.</summary>
    private readonly record struct Axis(long Low, long Size, long Jump)
    {
        private const long Most = int.MaxValue / 2;

        public bool IsCountable => Size <= Most && Jump <= Most && Low >= -Most;

        public static Axis OfRows(ReceptiveField field) =>
            new((long)(field.StartY - (field.Size.Height / 2.0)), field.Size.Height, field.Jump.Height);

        public static Axis OfColumns(ReceptiveField field) =>
            new((long)(field.StartX - (field.Size.Width / 2.0)), field.Size.Width, field.Jump.Width);

        public Axis Slide(long span, long stride, long padding) =>
            new(Low - (padding * Jump), Size + ((span - 1) * Jump), Jump * stride);

        public Axis Join(Axis other)
        {
            var low = Math.Min(Low, other.Low);
            return this with { Low = low, Size = Math.Max(Low + Size, other.Low + other.Size) - low };
        }
    }
}

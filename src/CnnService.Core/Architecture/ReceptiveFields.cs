namespace CnnService.Core.Architecture;

/// <summary>
/// Receptive field arithmetic (Araujo, Norris and Sim, "Computing receptive fields of convolutional neural networks", 2019). The part of
/// a field that lies outside the image, in the padding, is included.
/// </summary>
public static class ReceptiveFields
{
    /// <summary>The receptive field of a pixel of the input: the pixel itself.</summary>
    public static ReceptiveField SinglePixel { get; } = new(new(1, 1), new(1, 1), 0.5, 0.5);

    /// <summary>
    /// The receptive field of a layer's cells; null where each cell sees the whole image, or the fields have no common form.
    /// </summary>
    /// <param name="layer">The layer.</param>
    /// <param name="inputs">The receptive fields of its inputs.</param>
    /// <param name="padding">Its explicit padding.</param>
    public static ReceptiveField? Next(LayerSpec layer, IReadOnlyList<ReceptiveField?> inputs, Padding2 padding)
    {
        ArgumentNullException.ThrowIfNull(layer);
        ArgumentNullException.ThrowIfNull(inputs);
        return layer is FlattenLayer or DenseLayer or GlobalPoolingLayer or OnnxGraphLayer or LayerNormalizationLayer { Groups: not null }
            ? null
            : inputs.Aggregate(Join) is not { } field ? null
            : Window.From(layer) is not { } window ? field
            : Slide(field, window with { Padding = padding });
    }

    private static ReceptiveField? Slide(ReceptiveField field, Window window)
    {
        var vertical = Axis.OfRows(field).Slide(window.Span.Height, window.Strides.Height, window.Padding.Top);
        var horizontal = Axis.OfColumns(field).Slide(window.Span.Width, window.Strides.Width, window.Padding.Left);
        return Combine(vertical, horizontal);
    }

    /// <summary>
    /// The smallest box around both; null where the jumps differ, since the two fields then drift apart from cell to cell.
    /// </summary>
    private static ReceptiveField? Join(ReceptiveField? one, ReceptiveField? other) =>
        one is null || other is null || one.Jump != other.Jump
            ? null
            : Combine(Axis.OfRows(one).Join(Axis.OfRows(other)), Axis.OfColumns(one).Join(Axis.OfColumns(other)));

    // A window on a 1x1 map may still stride, so after enough layers the field outgrows any image (and int).
    private static ReceptiveField? Combine(Axis rows, Axis columns) => rows.IsInRange && columns.IsInRange
        ? new(
            new((int)rows.Size, (int)columns.Size),
            new((int)rows.Jump, (int)columns.Jump),
            rows.Low + (rows.Size / 2.0),
            columns.Low + (columns.Size / 2.0))
        : null;

    /// <summary>One direction: the field of cell 0 starts at pixel <c>Low</c> and is <c>Size</c> pixels long.</summary>
    private readonly record struct Axis(long Low, long Size, long Jump)
    {
        private const long MaxSize = int.MaxValue / 2;

        public bool IsInRange => Size <= MaxSize && Jump <= MaxSize && Low >= -MaxSize;

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

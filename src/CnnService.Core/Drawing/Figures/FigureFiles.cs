using CnnService.Core.Common;
using CnnService.Core.Drawing.Scenes;

namespace CnnService.Core.Drawing.Figures;

/// <summary>
/// Files of figures. Those drawn last are kept, so that a figure asked for again costs no drawing. Thread safe; a figure that several ask
/// for at the same time may be drawn more than once.
/// </summary>
/// <param name="renderer">Draws them.</param>
public sealed class FigureFiles(IFigureRenderer renderer)
{
    /// <summary>Bytes kept.</summary>
    private const long MaxBytes = 64 << 20;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, LinkedListNode<(string Key, byte[] File)>> _known = [];
    private readonly LinkedList<(string Key, byte[] File)> _recent = []; // The first was used last.
    private long _bytes;

    /// <summary>The file of a figure. Problem code: <c>figure.too-large</c>.</summary>
    /// <param name="drawn">The figure; its tag stands for everything that is drawn.</param>
    /// <param name="style">Theme, scale and format.</param>
    public Outcome<byte[]> Get(DrawnFigure drawn, FigureStyle style)
    {
        ArgumentNullException.ThrowIfNull(drawn);
        ArgumentNullException.ThrowIfNull(style);
        if (Find(drawn, style) is { } known)
        {
            return known;
        }

        var key = style.Tag(drawn.ETag);
        var file = renderer.Render(drawn.Figure, style, drawn.Text);
        if (file.Succeeded)
        {
            Keep(key, file.Value);
        }

        return file;
    }

    /// <summary>The file if it is kept, else null.</summary>
    public byte[]? Find(DrawnFigure drawn, FigureStyle style)
    {
        ArgumentNullException.ThrowIfNull(drawn);
        ArgumentNullException.ThrowIfNull(style);
        lock (_gate)
        {
            if (!_known.TryGetValue(style.Tag(drawn.ETag), out var node))
            {
                return null;
            }

            _recent.Remove(node);
            _recent.AddFirst(node);
            return node.Value.File;
        }
    }

    private void Keep(string key, byte[] file)
    {
        lock (_gate)
        {
            if (file.Length > MaxBytes || _known.ContainsKey(key))
            {
                return;
            }

            _known[key] = _recent.AddFirst((key, file));
            _bytes += file.Length;
            while (_bytes > MaxBytes && _recent.Last is { } oldest)
            {
                _recent.RemoveLast();
                _known.Remove(oldest.Value.Key);
                _bytes -= oldest.Value.File.Length;
            }
        }
    }
}

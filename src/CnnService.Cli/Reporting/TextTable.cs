namespace CnnService.Cli.Reporting;

/// <summary>Rows under headings.</summary>
/// <param name="columns">The columns; each row has a cell for each.</param>
internal sealed class TextTable(params TextColumn[] columns)
{
    private readonly List<string[]> _rows = [];

    public IReadOnlyList<TextColumn> Columns => columns;

    public IReadOnlyList<string[]> Rows => _rows;

    public void Add(params string[] cells)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(cells.Length, columns.Length);
        _rows.Add(cells);
    }
}

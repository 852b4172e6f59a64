namespace CnnService.Imaging.Import.Parquet;

/// <summary>Reads the tree of a Parquet schema, which is written as a list in depth-first order, into its leaves.</summary>
internal static class ParquetSchema
{
    private const int MaxDepth = 16;
    private const int Optional = 1;
    private const int Repeated = 2;

    /// <param name="reader">Stands at the list.</param>
    /// <param name="maxElements">Elements that are read at most.</param>
    public static List<ParquetColumn> Read(ref ThriftReader reader, int maxElements)
    {
        var elements = new List<Element>();
        for (var count = Math.Min(reader.Count(), maxElements); count > 0; count--)
        {
            elements.Add(ReadElement(ref reader));
        }

        var columns = new List<ParquetColumn>();
        var at = 1;
        if (elements.Count > 0)
        {
            AddChildren(elements, ref at, elements[0].Children, new(string.Empty, ParquetType.Boolean, 0, 0, 0), 0, columns);
        }

        return columns;
    }

    private static void AddChildren(
        List<Element> elements, ref int at, long children, ParquetColumn parent, int depth, List<ParquetColumn> columns)
    {
        if (depth >= MaxDepth)
        {
            throw ThriftReader.Damaged($"its columns are nested deeper than {MaxDepth}");
        }

        for (; children > 0; children--)
        {
            if (at >= elements.Count)
            {
                throw ThriftReader.Damaged("its schema breaks off");
            }

            var element = elements[at++];
            var definitions = parent.Definitions + (element.Repetition is Optional or Repeated ? 1 : 0);
            var column = new ParquetColumn(
                parent.Path.Length == 0 ? element.Name : $"{parent.Path}.{element.Name}", (ParquetType)element.Type, definitions,
                parent.Repetitions + (element.Repetition == Repeated ? 1 : 0),
                element.Repetition == Repeated ? definitions : parent.ElementDefinitions);
            if (element.Children > 0)
            {
                AddChildren(elements, ref at, element.Children, column, depth + 1, columns);
            }
            else
            {
                columns.Add(column);
            }
        }
    }

    private static Element ReadElement(ref ThriftReader reader)
    {
        var (id, kind, repetition, name, children) = (0, 0L, 0L, string.Empty, 0L);
        while (reader.Field(ref id, out var type))
        {
            switch (id)
            {
                case 1:
                    kind = reader.Number();
                    break;
                case 3:
                    repetition = reader.Number();
                    break;
                case 4:
                    name = reader.String();
                    break;
                case 5:
                    children = reader.Number();
                    break;
                default:
                    reader.Skip(type);
                    break;
            }
        }

        return new(kind, repetition, name, children);
    }

    private readonly record struct Element(long Type, long Repetition, string Name, long Children);
}

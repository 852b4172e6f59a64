using System.Globalization;

namespace CnnService.Benchmarks;

/// <summary>Positional arguments and <c>--name value</c> pairs.</summary>
internal sealed class Arguments
{
    private readonly List<string> _positional = [];
    private readonly Dictionary<string, string> _named = [];

    public Arguments(string[] args)
    {
        for (var i = 0; i < args.Length; i++)
        {
            if (args[i].StartsWith("--", StringComparison.Ordinal))
            {
                _named[args[i]] = i + 1 < args.Length ? args[++i] : throw new ArgumentException($"{args[i]} needs a value.");
            }
            else
            {
                _positional.Add(args[i]);
            }
        }
    }

    public string Required(int position, string what) =>
        position < _positional.Count ? _positional[position] : throw new ArgumentException($"Argument {position + 1} is missing: {what}.");

    public string Text(string name, string otherwise) => _named.GetValueOrDefault(name, otherwise);

    public int Whole(string name, int otherwise) =>
        _named.TryGetValue(name, out var text) ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;

    public double Number(string name, double otherwise) =>
        _named.TryGetValue(name, out var text) ? double.Parse(text, CultureInfo.InvariantCulture) : otherwise;
}

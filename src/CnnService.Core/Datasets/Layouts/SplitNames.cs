using System.Text;

namespace CnnService.Core.Datasets.Layouts;

/// <summary>Recognizes the names that people give to splits.</summary>
public static class SplitNames
{
    private static readonly Dictionary<string, Split> Splits = new(StringComparer.Ordinal)
    {
        ["train"] = Split.Train,
        ["training"] = Split.Train,
        ["trn"] = Split.Train,
        ["val"] = Split.Validation,
        ["valid"] = Split.Validation,
        ["validation"] = Split.Validation,
        ["validate"] = Split.Validation,
        ["dev"] = Split.Validation,
        ["eval"] = Split.Validation,
        ["evaluation"] = Split.Validation,
        ["test"] = Split.Test,
        ["tests"] = Split.Test,
        ["testing"] = Split.Test,
        ["tst"] = Split.Test,
    };

    /// <summary>Words that say nothing beside a split's name: <c>training_set</c>, <c>seg_train</c>, <c>train_images</c>.</summary>
    private static readonly HashSet<string> Fillers = new(StringComparer.Ordinal)
    {
        "set", "sets", "data", "dataset", "image", "images", "img", "imgs", "seg", "split", "splits", "folder", "files", "photos",
        "pictures", "small", "full", "sample", "samples",
    };

    private static readonly HashSet<string> Unlabelled = new(StringComparer.Ordinal)
    {
        "pred", "predict", "prediction", "predictions", "unlabeled", "unlabelled", "unsup", "unsupervised", "submission",
    };

    /// <summary>
    /// The split that a name stands for, or null: one of the usual words, alone or with words that say nothing, separators, digits or
    /// <c>set</c>, <c>data</c>, <c>images</c> grown together (<c>trainset</c>, <c>val2017</c>, <c>test1</c>, <c>Training-Data</c>).
    /// </summary>
    public static Split? Parse(string name)
    {
        Split? found = null;
        foreach (var word in Words(name))
        {
            if (Fillers.Contains(word))
            {
                continue;
            }

            if (found is not null || !TryWord(word, out var split))
            {
                return null;
            }

            found = split;
        }

        return found;
    }

    /// <summary>Whether the name says that the images have no labels: <c>seg_pred</c>, <c>unlabeled</c>, <c>submission</c>.</summary>
    public static bool IsUnlabelled(string name) => Words(name).Any(Unlabelled.Contains);

    private static bool TryWord(string word, out Split split)
    {
        if (Splits.TryGetValue(word, out split))
        {
            return true;
        }

        foreach (var (known, of) in Splits)
        {
            if (word.StartsWith(known, StringComparison.Ordinal) && Fillers.Contains(word[known.Length..]))
            {
                split = of;
                return true;
            }
        }

        return false;
    }

    /// <summary>The runs of letters in lower case, divided at anything else and where lower case becomes upper case.</summary>
    private static IEnumerable<string> Words(string name)
    {
        var word = new StringBuilder();
        var before = '\0';
        foreach (var letter in name)
        {
            if (word.Length > 0 && (!char.IsLetter(letter) || (char.IsUpper(letter) && char.IsLower(before))))
            {
                yield return word.ToString();
                word.Clear();
            }

            if (char.IsLetter(letter))
            {
                word.Append(char.ToLowerInvariant(letter));
            }

            before = letter;
        }

        if (word.Length > 0)
        {
            yield return word.ToString();
        }
    }
}

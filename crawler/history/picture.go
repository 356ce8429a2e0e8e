package history

import (
	"crypto/sha256"
	"slices"

	"trackscan/crawler"
)

// Pictures weigh more than all other evidence and are often the same from night to night, and on two pages of one
// night: each is a blob of its own, kept once, and the page holds its digest in place of the bytes.

// pictureEvidence are the pictures of a page, as they are: they are compressed already and like no other.
func pictureEvidence(shots []crawler.Screenshot) (items []evidence) {
	for _, shot := range shots {
		if len(shot.Bytes) > 0 {
			items = append(items, evidence{pictureRecord, []byte{}, &blob{content: shot.Bytes}})
		}
	}
	return items
}

// digestsOf returns the screenshots with the digests of their bytes in place of these.
func digestsOf(shots []crawler.Screenshot) []crawler.Screenshot {
	shots = slices.Clone(shots)
	for i := range shots {
		if len(shots[i].Bytes) > 0 {
			shots[i].Bytes = digest(string(shots[i].Bytes))
		}
	}
	return shots
}

// returnPictures undoes digestsOf. A screenshot whose picture is no longer kept is none.
func returnPictures(pages []crawler.Page, pictures [][]byte) {
	byDigest := map[[sha256.Size]byte][]byte{}
	for _, picture := range pictures {
		byDigest[sha256.Sum256(picture)] = picture
	}
	for i := range pages {
		p := &pages[i]
		p.Screenshots = slices.DeleteFunc(p.Screenshots, func(shot crawler.Screenshot) bool {
			return len(shot.Bytes) == sha256.Size && byDigest[[sha256.Size]byte(shot.Bytes)] == nil
		})
		for k := range p.Screenshots {
			if shot := &p.Screenshots[k]; len(shot.Bytes) == sha256.Size {
				shot.Bytes = byDigest[[sha256.Size]byte(shot.Bytes)]
			}
		}
		if len(p.Screenshots) == 0 {
			p.Screenshots = nil
		}
	}
}

func restorePicture(item *stored, picture *[]byte) (err error) {
	*picture, err = item.content()
	return err
}
